"""The paper's measures of the open generator, run beside the editor."""
