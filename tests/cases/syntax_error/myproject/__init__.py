"""An app."""
