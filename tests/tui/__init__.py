"""The review in the terminal, driven by its keys."""
