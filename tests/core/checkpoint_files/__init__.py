"""Files that harm, for tests of the reader of checkpoints."""
