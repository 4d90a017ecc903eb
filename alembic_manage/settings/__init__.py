"""The settings: which module holds them, and what it says, checked and typed."""
