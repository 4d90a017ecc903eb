"""One file a database: what it tells about locks, and what its manual says of them."""
