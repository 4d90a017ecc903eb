"""What a database says no to."""


class SchemaError(Exception):
    """What a database would have refused too: an object is missing, or is there already."""
