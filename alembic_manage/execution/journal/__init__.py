"""The journal: what a revision has sent, where the database does not undo all of it when the revision stops halfway.

A revision that was killed is called again from its first line. What it had sent before is answered from the journal,
so that it comes to the same place with the same values, and from there on the database gets the rest.

    entry.py     one statement, as it is kept
    answer.py    what the database said to it
    table.py     where entries are kept
    certainty.py whether a statement happened of which only the beginning is known
    player.py    stands between a revision and the database
    pending.py   a revision that stopped halfway
"""

from alembic_manage.execution.journal.pending import Pending, nothing_to_resume
from alembic_manage.execution.journal.player import Player
from alembic_manage.execution.journal.table import JournalTable

__all__ = ["JournalTable", "Pending", "Player", "nothing_to_resume"]
