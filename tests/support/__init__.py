"""Fixtures and small tools of the tests: one module a noun."""
