"""Results and errors as text: human lines, cargo-vet's JSON, GitHub annotations, SARIF. Pure."""
