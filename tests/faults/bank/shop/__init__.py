"""A shop with a bank: all its tables are made by hand-written migrations."""
