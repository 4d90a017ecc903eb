"""Raises when it is imported."""

PRICES = {"book": 12}

CHEAPEST = PRICES["boook"]
