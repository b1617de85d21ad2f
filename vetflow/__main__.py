"""`python -m vetflow`: the same as the `vetflow` command."""

from vetflow.cli.main import entry

if __name__ == "__main__":
    entry()
