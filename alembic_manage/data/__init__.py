"""The rows of a project's tables: written to fixtures, read from them, emptied.

Works on the Table objects of the project's metadata; knows no database by name and no terminal.
"""
