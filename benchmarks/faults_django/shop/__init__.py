"""The bank of tests/faults, as a Django project: for benchmarks/faults.py."""
