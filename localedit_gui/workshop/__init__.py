"""The catalog workshop behind its window: what is open, what runs, what is saved."""
