"""Several heads: what each branch does, whether their order matters, and how one is put behind the other."""
