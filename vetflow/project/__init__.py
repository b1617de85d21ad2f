"""The user's project at the edge: its files on disk, its git repository, and cargo where it is needed."""
