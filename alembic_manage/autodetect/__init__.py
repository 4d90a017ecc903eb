"""What must be written: the models compared with the schema, and a name for the result."""
