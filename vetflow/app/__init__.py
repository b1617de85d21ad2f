"""Use cases: the only layer that joins the edges with the core.

Each takes decided values (`request.Request`) and returns a value; nothing here parses arguments or prints.
"""
