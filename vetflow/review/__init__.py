"""What there is to read and in which order: patches as values, the reading plan, risk with its parts, the queue."""
