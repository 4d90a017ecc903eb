"""New revision files: what they are to do, their text in the project's own style, and how they come to disk."""
