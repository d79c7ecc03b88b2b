"""Small controls and painting helpers that several panels share."""
