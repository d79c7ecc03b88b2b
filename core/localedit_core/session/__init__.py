"""The saved state of an editing session and its file format."""
