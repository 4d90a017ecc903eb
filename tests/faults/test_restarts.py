"""The server is stopped, or crashes, in the middle of a run: nothing is lost, and the next run goes on."""

import signal
from collections.abc import Iterator

import pytest
from support.faults_bank import UP, Bank, BankNursery
from support.own_servers import OwnServer


@pytest.fixture
def bank(nursery: BankNursery, own_server: OwnServer) -> Iterator[Bank]:
    """A bank on a server of its own."""
    made = Bank(nursery, own_server.url.render_as_string(hide_password=False))
    made.empty()
    yield made
    made.empty()


@pytest.mark.parametrize("part", [0.4, 0.75])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_a_run_goes_on_after_a_restart(bank: Bank, own_server: OwnServer, number: signal.Signals, part: float):
    at = round(bank.nursery.run(*UP).require().boundaries * part)
    bank.empty()
    with bank.nursery.paused(*UP, at=at, flag=bank.flag) as endings:
        own_server.end(own_server.stop_signal if number == signal.SIGTERM else number)
        own_server.start()
    assert endings[0].code in (1, 5, 7), endings
    assert "Traceback" not in endings[0].err
    bank.nursery.run(*UP).require()
    assert bank.problem_above == ""
