"""What becomes of the files of a branch that goes behind another head."""

import pytest
from support.histories import make_history

from alembic_manage import CommandError
from alembic_manage.branches.fork import Fork
from alembic_manage.branches.moves import mentions, moves_of, write_moves
from alembic_manage.errors import RefusedError
from alembic_manage.history import History, read_history

URL = "sqlite://"


def moves(history: History, head: str, onto: str, root):
    branch = next(each for each in Fork.of(history, [head, onto]).branches if each.name == head)
    return moves_of(history, branch, history.by_id[onto], root)


def new_ids(
    tmp_path, graph: dict[str, str], head: str, onto: str, **more: dict[str, str]
) -> dict[str, tuple[str, str]]:
    history = make_history(graph, **more)
    return {move.old.id: (move.id, move.parent) for move in moves(history, head, onto, tmp_path)}


FORK = {"0001_i": "", "0002_b": "0001_i", "0002_p": "0001_i", "0003_q": "0002_p"}


def test_numbers_are_counted_on_from_the_highest_of_the_others(tmp_path):
    assert new_ids(tmp_path, FORK, "0003_q", "0002_b") == {
        "0002_p": ("0003_p", "0002_b"),
        "0003_q": ("0004_q", "0003_p"),
    }
    assert new_ids(tmp_path, FORK, "0002_b", "0003_q") == {"0002_b": ("0004_b", "0003_q")}


def test_an_id_without_a_number_stays(tmp_path):
    graph = {"a": "", "b": "a", "c": "a", "0007_d": "c"}
    assert new_ids(tmp_path, graph, "0007_d", "b") == {"c": ("c", "b"), "0007_d": ("0001_d", "c")}


def test_a_history_of_its_own_can_follow_another_one(tmp_path):
    assert new_ids(tmp_path, {"0001_a": "", "0001_b": ""}, "0001_b", "0001_a") == {"0001_b": ("0002_b", "0001_a")}


def test_a_third_head_stays_where_it_is(tmp_path):
    graph = {**FORK, "0009_x": "0001_i"}
    assert new_ids(tmp_path, graph, "0002_b", "0003_q") == {"0002_b": ("0010_b", "0003_q")}


@pytest.mark.parametrize(
    ("graph", "depends_on", "reason"),
    [
        ({"a": "", "b": "a", "c": "a", "d": "c", "e": "c"}, {}, "c is followed by d too"),
        ({"a": "", "b": "a", "c": "a", "d": "a", "e": "c d"}, {}, "e is a merge"),
        ({"a": "", "b": "a", "c": "a", "e": "c", "x": "a"}, {"x": "c"}, "x.py depends on c, which would move"),
        ({"a": "", "b": "a", "c": "a", "e": "c"}, {"b": "c"}, "nothing would follow c then"),
        ({"a": "", "b": "a", "e": "a"}, {"b": "e"}, "b depends on e, which therefore cannot follow it"),
    ],
)
def test_a_branch_that_others_need_does_not_move(tmp_path, graph, depends_on, reason):
    with pytest.raises(RefusedError, match=reason) as caught:
        new_ids(tmp_path, graph, "e", "b", depends_on=depends_on)
    assert caught.value.hint == "python manage.py makemigrations --merge"


# Files


@pytest.fixture
def project(make_tiny_project):
    made = make_tiny_project(URL)
    made.revision("0001_i")
    made.revision("0002_b", down="0001_i")
    made.revision("0002_p", "x = 'see 0002_p'", down="0001_i")
    made.revision("0003_q", down="0002_p", depends_on="0002_p")
    return made


def of_files(project):
    history = project.environment.history
    return moves(history, "0003_q", "0002_b", project.root)


def test_the_files_are_a_line_afterwards(project):
    write_moves(of_files(project), project.root)
    history = read_history([project.versions]).require_sound()
    assert [(revision.id, revision.path.name) for revision in history] == [
        ("0001_i", "0001_i.py"),
        ("0002_b", "0002_b.py"),
        ("0003_p", "0003_p.py"),
        ("0004_q", "0004_q.py"),
    ]
    assert [head.id for head in history.heads] == ["0004_q"]
    assert history.by_id["0004_q"].depends_on == ("0003_p",)


def test_a_file_that_is_not_named_after_its_id_keeps_its_name(project):
    (project.versions / "0002_p.py").rename(project.versions / "prizes.py")
    assert [move.path.name for move in of_files(project)] == ["prizes.py", "0004_q.py"]


def test_what_follows_the_id_in_a_file_name_stays(project):
    (project.versions / "0002_p.py").rename(project.versions / "0002_p_prizes.py")
    assert of_files(project)[0].path.name == "0003_p_prizes.py"


def test_old_ids_elsewhere_in_the_files_are_told(project):
    found = of_files(project)
    write_moves(found, project.root)
    assert list(mentions(found, project.root)) == [
        "alembic_database/versions/0003_p.py:1 still names 0002_p, which is 0003_p now.",
        "alembic_database/versions/0003_p.py:13 still names 0002_p, which is 0003_p now.",
        "alembic_database/versions/0004_q.py:1 still names 0003_q, which is 0004_q now.",
    ]


def test_a_computed_id_stops_all(project):
    path = project.versions / "0003_q.py"
    path.write_text(path.read_text().replace("revision = '0003_q'", "revision = '0003' + '_q'", 1))
    before = {each.name: each.read_bytes() for each in project.versions.iterdir()}
    with pytest.raises(RefusedError, match=r"0003_q.py computes its revision"):
        write_moves(of_files(project), project.root)
    assert {each.name: each.read_bytes() for each in project.versions.iterdir()} == before


def test_a_name_that_is_taken_stops_all(project):
    (project.versions / "0004_q.py").mkdir()
    with pytest.raises(CommandError, match=r"0004_q.py cannot be written: File exists. Nothing was changed."):
        write_moves(of_files(project), project.root)
    assert (project.versions / "0002_p.py").exists()
