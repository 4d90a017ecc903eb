"""Tables and the keys between them, and the graph of revisions, as pictures. Knows no database and no project."""
