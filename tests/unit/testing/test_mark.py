"""When an earlier run's test database is as good as a new one."""

import pytest

from alembic_manage.testing.mark import Mark

MARK = Mark("run", {"env.py": "e", "a.py": "1"})


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"env.py": "e", "a.py": "1"}, id="the same"),
        pytest.param({"env.py": "e", "a.py": "1", "b.py": "2"}, id="one migration more"),
    ],
)
def test_it_goes_on(files: dict[str, str]):
    assert MARK.may_go_on(files, frozenset(files) - {"env.py"})


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"env.py": "e", "a.py": "2"}, id="a migration changed"),
        pytest.param({"env.py": "e"}, id="a migration is gone"),
        pytest.param({"env.py": "f", "a.py": "1"}, id="env.py changed"),
        pytest.param({"env.py": "e", "a.py": "1", "baseline.py": "b"}, id="another file came"),
    ],
)
def test_it_is_made_anew(files: dict[str, str]):
    assert not MARK.may_go_on(files, frozenset(files) - {"env.py", "baseline.py"})


def test_one_that_was_never_migrated_to_its_end_is_made_anew():
    assert not Mark("", MARK.files).may_go_on(MARK.files, frozenset({"a.py"}))
