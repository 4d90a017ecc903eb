"""Tests with a database: a pytest plugin, its fixtures, and tests that a project can switch on."""
