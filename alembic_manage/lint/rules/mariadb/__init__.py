"""Rules for MariaDB and MySQL."""
