"""The dependency graph: from Cargo.lock and manifests, or from cargo's own answer; what the verdict is computed on."""
