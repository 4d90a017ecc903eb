"""Answers `migrate` where nothing is to be done and nothing has changed since that was found out the long way.

The long way imports Alembic and the models, reads the graph of all revisions, and compares the models with it. When
it has found that all is applied and that the models have no changes, all that this followed from is kept
(`inputs.py`): the short way looks whether each of it is as it was, asks the database where it stands, and says the
same. What cannot be known to be whole is never kept. Whatever is in doubt goes the long way: a wrong doubt costs
time, a wrong certainty would be a wrong answer.
"""
