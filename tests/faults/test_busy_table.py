"""A long transaction holds the table that a migration alters: the application's queries go on, and so does migrate."""

from support.databases import where
from support.faults import Request
from support.faults_bank import Bank
from support.faults_busy import Application, is_altering_waiting, long_transaction, wait_until

on_servers = where(lambda dialect: not dialect.is_file)


@on_servers
def test_queries_are_answered_while_migrate_waits(bank: Bank):
    bank.nursery.run("migrate", "0002").require()
    with Application(bank.url, "SELECT amount FROM orders WHERE id = 1") as application:
        with long_transaction(bank.url, "SELECT amount FROM orders"):
            bank.nursery.begin(Request(("migrate", "0003", "--table-lock-timeout", "1", "--lock-retries", "100")))
            wait_until(lambda: is_altering_waiting(bank.url), "migrate never waited for the table")
            # One that hangs behind the migration is answered only when that gives up, which it does while this waits.
            before = application.answered
            wait_until(lambda: application.answered > before + 50, "the application hangs behind the migration")
        (ending,) = bank.nursery.end()
    ending.require()
    assert application.failures == []
    assert "WAITING" in ending.out
    bank.nursery.run("migrate").require()
    assert bank.problem_above == ""


@on_servers
def test_a_table_that_stays_held_is_no_lost_migration(bank: Bank):
    bank.nursery.run("migrate", "0002").require()
    with long_transaction(bank.url, "SELECT amount FROM orders"):
        ending = bank.nursery.run("migrate", "--table-lock-timeout", "1", "--lock-retries", "1")
    assert ending.code in (1, 7)
    assert "Traceback" not in ending.err
    bank.nursery.run("migrate").require()
    assert bank.problem_above == ""
