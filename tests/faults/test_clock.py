"""The clock is set back between runs: what came last is known by its place in the ledger, not by its time."""

from support.contents import rows_of
from support.faults_bank import HEAD, REVISIONS, Bank, records_of

DAY_S = 86400.0


def test_the_clock_set_back_loses_nothing(bank: Bank):
    bank.nursery.run("migrate", "0004").require()
    bank.nursery.run("migrate", clock_s=-DAY_S).require()
    assert bank.problem_above == ""
    ledger = rows_of(bank.url, "SELECT revision, started_at, finished_at, duration_ms FROM alembic_version_ledger")
    started = {revision: str(began) for revision, began, _, _ in ledger}
    assert started[HEAD] < started[REVISIONS[0]]
    assert all(str(began) <= str(ended) and took >= 0 for _, began, ended, took in ledger)


def test_the_last_run_is_the_last_one_whatever_its_time(bank: Bank):
    bank.nursery.run("migrate", "0004").require()
    bank.nursery.run("migrate", clock_s=-DAY_S).require()
    bank.nursery.run("rollback", "--batch", "--accept-data-loss").require()
    assert records_of(bank.url).versions == (REVISIONS[3],)


def test_a_run_that_was_killed_before_the_clock_was_set_back_goes_on(bank: Bank):
    assert bank.nursery.run("migrate", at=150).was_killed
    bank.nursery.run("migrate", clock_s=-DAY_S).require()
    assert bank.problem_above == ""
