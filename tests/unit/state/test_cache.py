"""States on disk, by the content of everything that they came from."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from alembic_manage.history import Revision
from alembic_manage.plan import Direction, Step
from alembic_manage.state.cache import FOLDER, StateCache, files_opened


@pytest.fixture
def steps(tmp_path):
    return [Step(Revision(id, revision(tmp_path, id), ()), Direction.UPGRADE) for id in ("a", "b")]


@pytest.fixture
def helper(tmp_path, monkeypatch) -> Path:
    """A module of the project that was imported."""
    path = tmp_path / "state_cache_helper.py"
    path.write_text("WIDTH = 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    __import__("state_cache_helper")
    yield path
    del sys.modules["state_cache_helper"]


def revision(folder: Path, id: str, source: str = "") -> Path:
    path = folder / f"{id}.py"
    path.write_text(source or f"# {id}\n", encoding="utf-8")
    return path


def cache(folder: Path, seed: str = "") -> StateCache:
    return StateCache(folder, seed)


def test_a_kept_state_is_found_again(tmp_path, steps):
    assert cache(tmp_path).load(steps, "") is None
    cache(tmp_path).save(steps, "", {"x": 1}, [])
    assert cache(tmp_path).load(steps, "") == (2, {"x": 1})
    assert (tmp_path / FOLDER / ".gitignore").read_text() == "*\n"


def test_a_state_serves_for_a_longer_plan_and_not_for_a_shorter_one(tmp_path, steps):
    cache(tmp_path).save(steps[:1], "", "one", [])
    assert cache(tmp_path).load(steps, "") == (1, "one")
    cache(tmp_path).save(steps, "", "two", [])
    assert cache(tmp_path).load(steps[:1], "") == (1, "one")
    assert cache(tmp_path).load(steps[1:], "") is None


def test_a_changed_revision_counts(tmp_path, steps):
    cache(tmp_path).save(steps[:1], "", "one", [])
    cache(tmp_path).save(steps, "", "two", [])
    revision(tmp_path, "b", "# changed\n")
    assert cache(tmp_path).load(steps, "") == (1, "one")
    revision(tmp_path, "a", "# changed\n")
    assert cache(tmp_path).load(steps, "") is None


def test_what_else_the_states_depend_on_counts(tmp_path, steps):
    cache(tmp_path, "sqlite").save(steps, "", "x", [])
    assert cache(tmp_path, "postgresql").load(steps, "") is None
    assert cache(tmp_path, "sqlite").load(steps, "a naming convention") is None


def test_the_direction_counts(tmp_path, steps):
    cache(tmp_path).save(steps, "", "x", [])
    down = [Step(step.revision, Direction.DOWNGRADE) for step in steps]
    assert cache(tmp_path).load(down, "") is None


def test_a_module_that_a_revision_imports_counts(tmp_path, steps, helper):
    revision(tmp_path, "a", "from state_cache_helper import WIDTH\n")
    cache(tmp_path).save(steps, "", "x", [])
    assert cache(tmp_path).load(steps, "")
    helper.write_text("WIDTH = 2\n", encoding="utf-8")
    assert cache(tmp_path).load(steps, "") is None


def test_a_file_that_a_revision_reads_counts_also_when_it_goes(tmp_path, steps):
    data = tmp_path / "countries.csv"
    data.write_text("DE\n", encoding="utf-8")
    with files_opened() as opened:
        data.read_text(encoding="utf-8")
    assert data in opened
    cache(tmp_path).save(steps, "", "x", opened)
    assert cache(tmp_path).load(steps, "")
    data.unlink()
    assert cache(tmp_path).load(steps, "") is None


def test_a_state_that_continues_a_kept_one_depends_on_its_files_too(tmp_path, steps, helper):
    revision(tmp_path, "a", "from state_cache_helper import WIDTH\n")
    cache(tmp_path).save(steps[:1], "", "one", [])
    # Another process: the first revision is not run, so that its module is not imported.
    module = sys.modules.pop("state_cache_helper")
    later = cache(tmp_path)
    assert later.load(steps, "") == (1, "one")
    later.save(steps, "", "two", [])
    sys.modules["state_cache_helper"] = module
    assert cache(tmp_path).load(steps, "") == (2, "two")
    helper.write_text("WIDTH = 2\n", encoding="utf-8")
    assert cache(tmp_path).load(steps, "") is None


def test_a_damaged_file_is_no_state(tmp_path, steps):
    cache(tmp_path).save(steps, "", "x", [])
    (path,) = (tmp_path / FOLDER).glob("*.state")
    whole = path.read_bytes()
    for data in (whole[:-5], b"\x80\x04N.", *_with_one_bit_changed(whole)):  # the second is a pickle of None
        path.write_bytes(data)
        assert cache(tmp_path).load(steps, "") is None
    path.write_bytes(whole)
    assert cache(tmp_path).load(steps, "") == (len(steps), "x")


def _with_one_bit_changed(data: bytes) -> Iterator[bytes]:
    for at in range(len(data)):
        yield data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]


def test_where_nothing_can_be_kept_nothing_is(tmp_path, steps):
    (tmp_path / FOLDER).write_text("in the way", encoding="utf-8")
    cache(tmp_path).save(steps, "", "x", [])
    cache(tmp_path).save(steps, "", lambda: "what cannot be pickled", [])
    assert cache(tmp_path).load(steps, "") is None


def test_only_the_newest_states_are_kept(tmp_path, steps):
    for number in range(25):
        cache(tmp_path, str(number)).save(steps, "", number, [])
    assert len(list((tmp_path / FOLDER).glob("*.state"))) == 20
    assert not list((tmp_path / FOLDER).glob("*.tmp"))


def test_files_are_watched_only_inside(tmp_path):
    path = revision(tmp_path, "c")
    with files_opened() as opened:
        pass
    path.read_text(encoding="utf-8")
    assert path not in opened
