"""Who vouches for what: statements, signatures and the keys allowed to make them, receipts for imported rows."""
