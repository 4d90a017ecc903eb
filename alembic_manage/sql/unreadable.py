"""What is raised where SQL is not understood."""


class Unreadable(Exception):
    """The text is no expression that is understood here."""
