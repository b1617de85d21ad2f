"""Where crates come from: what cargo has on this machine."""
