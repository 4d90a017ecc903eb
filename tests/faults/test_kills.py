"""A command that is killed, at a boundary of statements or at any time, is finished by the next one."""

from support.faults import size
from support.faults_bank import Bank

KILLS = size("FAULT_KILLS", 6)


def test_killed_at_boundaries_of_statements(bank: Bank):
    trials = bank.kills().at_boundaries(KILLS)
    assert sum(bool(trial.killed_at) for trial in trials) >= KILLS // 2
    assert [(trial.way, trial.killed_at, trial.problem) for trial in trials if trial.problem] == []


def test_killed_at_random_times(bank: Bank):
    trials = bank.kills().at_random(KILLS // 2)
    assert [(trial.way, trial.killed_at, trial.problem) for trial in trials if trial.problem] == []
