"""The server ends the sessions of a run: nothing is lost, and the next run goes on."""

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text
from support.databases import where
from support.faults import size
from support.faults_bank import DOWN, UP, Bank
from support.faults_kills import spread

CUTS = size("FAULT_CUTS", 2)
_SESSIONS = {
    "postgresql": "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    "mysql": "SELECT id FROM information_schema.processlist WHERE db = database() AND id <> connection_id()",
}
_LOCKS = {
    "postgresql": "SELECT pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
    "WHERE locktype = 'advisory' AND datname = current_database()",
    # It is opened after the one that the migrations use.
    "mysql": "SELECT max(id) FROM information_schema.processlist WHERE db = database() AND id <> connection_id()",
}
_END = {"postgresql": "SELECT pg_terminate_backend({})", "mysql": "KILL {}"}
on_servers = where(lambda dialect: not dialect.is_file)


def end_sessions(url: str, queries: dict[str, str]) -> None:
    """End the sessions that a query finds."""
    backend = make_url(url).get_backend_name()
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for number in connection.execute(text(queries[backend])).scalars().all():
            connection.execute(text(_END[backend].format(number)))


@on_servers
def test_all_connections_are_cut(bank: Bank):
    up, down = (bank.nursery.run(*way).require().boundaries for way in (UP, DOWN))
    for at_up, at_down in zip(spread(up - 20, CUTS), spread(down - 20, CUTS), strict=True):
        for way, at in ((UP, at_up), (DOWN, at_down)):
            with bank.nursery.paused(*way, at=at, flag=bank.flag) as endings:
                end_sessions(bank.url, _SESSIONS)
            (ending,) = endings
            assert ending.code in (1, 5, 7), ending
            assert "Traceback" not in ending.err
            bank.nursery.run(*way).require()
            assert (bank.problem_above if way is UP else bank.problem_below) == "", ending


@on_servers
@pytest.mark.parametrize("part", [0.5, 0.8])
def test_the_connection_of_the_lock_is_cut(bank: Bank, part: float):
    boundaries = bank.nursery.run(*UP).require().boundaries
    bank.empty()
    with bank.nursery.paused(*UP, at=round(boundaries * part), flag=bank.flag) as endings:
        end_sessions(bank.url, _LOCKS)
    assert endings[0].code == 5, endings
    assert "The lock that keeps other migrators away was lost" in endings[0].err
    bank.nursery.run(*UP).require()
    assert bank.problem_above == ""
