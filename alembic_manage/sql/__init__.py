"""SQL text, by the lexical rules of one database: its tokens, and what its expressions say. Knows no statement."""
