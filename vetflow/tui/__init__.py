"""The review in the terminal: keys call use cases of `vetflow.app`, results become screens. Nothing is decided here."""
