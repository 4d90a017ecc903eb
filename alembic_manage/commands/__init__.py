"""The suite's commands, one a file; the folder is the list."""
