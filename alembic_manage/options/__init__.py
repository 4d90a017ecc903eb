"""Options that commands share, or that are many: how each is read, and what follows from it."""
