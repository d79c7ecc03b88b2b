"""The semantic catalog: clusters of activations, named parts, and each channel's share in them."""
