"""Rules for every database."""
