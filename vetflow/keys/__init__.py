"""The edge to signing keys: ssh-agent, key files, ssh-keygen. Nothing here decides which key may say what."""
