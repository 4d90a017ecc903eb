"""The example project: a small shop."""
