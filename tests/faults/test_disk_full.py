"""The disk is full in the middle of a run: nothing is lost, and once there is room again the next run goes on."""

import pytest
from support.faults_bank import DOWN, UP, Bank, BankNursery
from support.faults_tmpfs import SmallDisk
from support.own_servers import OwnServer


def fill_in_the_middle(bank: Bank, disk: SmallDisk, part: float) -> None:
    """Fill the disk while a run stands still, on the way up, which must fail, and down, which may not need room."""
    boundaries = {way: bank.nursery.run(*way).require().boundaries for way in (UP, DOWN)}
    bank.empty()
    for way in (UP, DOWN):
        with bank.nursery.paused(*way, at=round(boundaries[way] * part), flag=bank.flag) as endings:
            disk.fill()
        disk.clear()
        assert endings[0].code in ((1, 7) if way is UP else (0, 1, 7)), endings
        assert "Traceback" not in endings[0].err
        bank.nursery.run(*way).require()
        assert (bank.problem_above if way is UP else bank.problem_below) == "", endings


@pytest.mark.parametrize("part", [0.3, 0.5])
def test_sqlite(nursery: BankNursery, disk: SmallDisk, part: float):
    fill_in_the_middle(Bank(nursery, f"sqlite:///{disk.folder / 'bank.sqlite3'}"), disk, part)


def test_servers(nursery: BankNursery, server_on_small_disk: tuple[OwnServer, SmallDisk]):
    server, disk = server_on_small_disk
    fill_in_the_middle(Bank(nursery, server.url.render_as_string(hide_password=False)), disk, 0.5)
