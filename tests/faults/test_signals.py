"""Ctrl-C and SIGTERM, at boundaries of statements: exit code 130, nothing is lost, and the next run succeeds."""

import signal

import pytest
from support.faults import size
from support.faults_bank import DOWN, UP, Bank
from support.faults_kills import spread

SIGNALS = size("FAULT_SIGNALS", 4)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_signal_ends_a_run_in_order(bank: Bank, number: signal.Signals):
    up, down = (bank.nursery.run(*way).require().boundaries for way in (UP, DOWN))
    for at_up, at_down in zip(spread(up - 4, SIGNALS), spread(down - 4, SIGNALS), strict=True):
        for way, at in ((UP, at_up), (DOWN, at_down)):
            ending = bank.nursery.run(*way, at=at, act=number)
            assert ending.code == 130, (at, ending)
            assert "Interrupted" in ending.err or "was interrupted" in ending.err
            assert "Traceback" not in ending.err
            bank.nursery.run(*way).require()
            assert (bank.problem_above if way is UP else bank.problem_below) == "", (at, ending)
