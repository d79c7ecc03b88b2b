"""Training of the bundled generators on rendered worlds."""
