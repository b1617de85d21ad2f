"""The third-party crates of the bundled demo, made up by us: their sources, and how they become archives."""
