"""Queries, style interpolation, stacks of edits, and the pipeline that renders them."""
