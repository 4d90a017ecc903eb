"""Writes models for the tables that a database has."""
