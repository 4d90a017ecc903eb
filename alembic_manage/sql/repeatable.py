"""Statements that may be sent twice."""

REPEATABLE = "/* repeatable */"
"""Stands before such a statement: where a run ended in the middle of it, the next one sends it again."""
