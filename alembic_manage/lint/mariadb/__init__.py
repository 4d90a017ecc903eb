"""What rules for MariaDB and MySQL know in common."""
