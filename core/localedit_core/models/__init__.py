"""The user's own generators: their library, the list of published ones, and fetching those."""
