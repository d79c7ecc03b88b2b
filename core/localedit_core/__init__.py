"""The part of LocalEdit that knows no window: generators, catalogs, queries, edits, sessions."""
