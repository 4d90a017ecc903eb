"""Tables and the keys between them as a picture: Mermaid, DOT, SVG, HTML. Knows no database and no project."""
