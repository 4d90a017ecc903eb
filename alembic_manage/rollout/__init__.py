"""Rewrites the operations of a revision so that an application goes on meanwhile: in phases, without long locks.

`staged_parts` takes what the autodetector would write as one revision, and gives the revisions to write instead.
"""
