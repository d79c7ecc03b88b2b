"""The panels of the window: plain values in, signals out, no panel knows another."""
