"""The edge to git as a calculator of differences between crates. What crates hold is handed in, nothing is fetched."""
