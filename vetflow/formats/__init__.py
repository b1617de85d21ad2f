"""Text to values and back, pure: the store's three files, the dependency graph's inputs, our own files.

Readers of a format are named `parse_*`, writers `write_*`. Nothing in here opens a file: text comes in, text
goes out.
"""
