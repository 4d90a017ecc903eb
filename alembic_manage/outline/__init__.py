"""What a revision does, in lines for a person: one a change, from the source of its file."""
