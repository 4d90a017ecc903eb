"""Ctrl-C and SIGTERM, at boundaries of statements: exit code 130, nothing is lost, and the next run succeeds."""

import signal

import pytest
from support.faults import Ending, size
from support.faults_bank import DOWN, UP, Bank
from support.faults_kills import spread

SIGNALS = size("FAULT_SIGNALS", 2)
IN_THE_BLOCK = range(170, 200, 5)
"""On PostgreSQL, boundaries of the way up that are inside of an autocommit_block, or beside it."""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_signal_loses_nothing(bank: Bank, number: signal.Signals):
    up, down = (bank.nursery.run(*way).require().boundaries for way in (UP, DOWN))
    # Later runs come to fewer boundaries: the suite's own tables are there. And the last few come after the work.
    for at_up, at_down in zip(spread(up - 20, SIGNALS), spread(down - 20, SIGNALS), strict=True):
        for way, at in ((UP, at_up), (DOWN, at_down)):
            ending = bank.nursery.run(*way, at=at, act=number)
            assert is_in_order(ending), (at, ending)
            bank.nursery.run(*way).require()
            assert (bank.problem_above if way is UP else bank.problem_below) == "", (at, ending)


def test_a_signal_inside_of_an_autocommit_block_ends_with_130(postgresql_bank: Bank):
    endings = []
    for at in IN_THE_BLOCK:
        postgresql_bank.empty()
        endings.append(postgresql_bank.nursery.run(*UP, at=at, act=signal.SIGINT))
    assert [ending.code for ending in endings] == [130] * len(endings)


def is_in_order(ending: Ending) -> bool:
    """Whether a run ended as one that was interrupted."""
    is_said = "Interrupted" in ending.err or "was interrupted" in ending.err
    return ending.code == 130 and is_said and "Traceback" not in ending.err
