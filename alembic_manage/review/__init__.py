"""Migrations as a page that people look at before they run: HTML without a network, or Markdown."""
