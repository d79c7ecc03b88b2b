"""Reads pickled checkpoints without running anything that is in them.

``reading.open_pickled(path)`` is the door: it tells the format by content (a plain pickle, or a
file of ``torch.save`` as ZIP or in the older layout) and hands out a tree of plain values. Tensors
and arrays become ``values.StoredArray``, read from the file when asked for. Whatever else a file
names becomes a ``values.StandIn``, which does nothing, or is refused (``policy``). Source text
inside a file stays text.

The interpreter is our own (``machine``): Python's unpickler calls what the file names, ours has
nothing to call but the builders listed in ``builders``.
"""
