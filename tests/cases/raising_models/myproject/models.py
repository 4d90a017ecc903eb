"""Models that import a module of their own, which raises."""

from myproject.prices import CHEAPEST

DEAREST = CHEAPEST * 10
