"""Readers and writers of generator files. None of them runs code from a file."""
