"""Knows without a comparison that nothing changed: what a comparison would read is the same as when one found nothing.

What it reads is told apart by digests: the revision files, the models, and everything around them. Where one of these
cannot be known to be whole, the answer is that it is not known, and the comparison decides. A wrong "not known" costs
time; a wrong "nothing changed" would be a missed change, so whatever is unclear counts as different.
"""
