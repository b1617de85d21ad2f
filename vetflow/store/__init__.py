"""The `supply-chain` folder: reading it, holding its lock, writing it without ever losing what it held."""
