"""The command line: arguments to use cases, results to text. No rule of vetflow's own is decided here."""
