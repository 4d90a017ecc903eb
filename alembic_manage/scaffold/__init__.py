"""Writing new files for the user: what startapp and startproject leave behind."""
