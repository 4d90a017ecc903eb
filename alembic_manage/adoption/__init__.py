"""Taking an existing project over: what its files say, read without importing or running them."""
