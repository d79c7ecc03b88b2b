"""Generators: networks that turn a latent into a picture, all behind one protocol."""
