"""Histories: revision files as a graph."""

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.histories import make_history, random_histories

from alembic_manage import AmbiguousRevisionError, BrokenRevisionError, MultipleHeadsError, UnknownRevisionError
from alembic_manage.history import History, Problem, Revision, read_history, read_revision, revision_of_source

LINE = make_history({"a1": "", "a2": "a1", "b3": "a2"})
TWO_HEADS = make_history({"a": "", "b": "a", "c": "a"}, labels={"b": "left", "c": "right"})
DIAMOND = make_history({"a": "", "b": "a", "c": "a", "merge": "b c"}, labels={"b": "left"})
TWO_TREES = make_history({"a": "", "b": "a", "x": "", "y": "x"}, depends_on={"b": "y"}, labels={"x": "shop"})


def ids(revisions) -> list[str]:
    return [revision.id for revision in revisions]


# The graph


def test_the_head_is_what_nothing_follows_and_the_base_what_follows_nothing():
    assert ids(LINE.heads) == ["b3"]
    assert ids(LINE.bases) == ["a1"]


def test_two_branches_have_two_heads():
    assert ids(TWO_HEADS.heads) == ["b", "c"]


def test_a_merge_is_the_only_head():
    assert ids(DIAMOND.heads) == ["merge"]
    assert DIAMOND.by_id["merge"].is_merge
    assert not DIAMOND.by_id["b"].is_merge


def test_what_is_only_depended_on_stays_a_head():
    assert ids(TWO_TREES.heads) == ["y", "b"]
    assert ids(TWO_TREES.bases) == ["a", "x"]


def test_the_single_head_is_given():
    assert LINE.require_single_head().id == "b3"


def test_an_empty_history_has_no_head():
    empty = make_history({})
    assert empty.require_single_head() is None
    assert len(empty) == 0
    assert empty.heads == ()


def test_two_heads_are_refused_and_named_with_the_command_that_merges_them():
    with pytest.raises(MultipleHeadsError, match=r"\(b, c\)") as caught:
        TWO_HEADS.require_single_head()
    assert caught.value.hint == "python manage.py makemigrations --merge"


def test_revisions_come_parents_first_and_equals_by_id():
    history = make_history({"z": "", "b": "z", "a": "z", "merge": "a b"})
    assert ids(history) == ["z", "a", "b", "merge"]


def test_a_dependency_comes_before_what_depends_on_it():
    assert ids(TWO_TREES) == ["a", "x", "y", "b"]


def test_membership_is_by_id():
    assert "a1" in LINE
    assert "a" not in LINE
    assert len(LINE) == 3


def test_parents_are_down_revisions_then_dependencies():
    assert TWO_TREES.parents("b") == ("a", "y")
    assert DIAMOND.parents("merge") == ("b", "c")


def test_a_dependency_on_a_branch_label_is_one_on_its_revision():
    history = make_history({"a": "", "x": ""}, depends_on={"a": "shop"}, labels={"x": "shop"})
    assert history.parents("a") == ("x",)
    assert not history.problems


def test_a_dependency_that_is_a_parent_too_counts_once():
    history = make_history({"a": "", "b": "a"}, depends_on={"b": "a"})
    assert history.parents("b") == ("a",)
    assert ids(history) == ["a", "b"]


def test_ancestors_and_descendants_include_the_revision_itself():
    assert DIAMOND.ancestors(["b"]) == {"a", "b"}
    assert DIAMOND.descendants(["b"]) == {"b", "merge"}


def test_descendants_follow_dependencies():
    assert TWO_TREES.descendants(["x"]) == {"x", "y", "b"}


def test_ids_are_put_in_order():
    assert ids(DIAMOND.in_order({"merge", "c", "a"})) == ["a", "c", "merge"]


# Look-up


def test_a_revision_is_found_by_id_and_by_unique_prefix():
    assert LINE.find("a2").id == "a2"
    assert LINE.find("b").id == "b3"


def test_an_id_wins_over_a_prefix():
    history = make_history({"a": "", "ab": "a"})
    assert history.find("a").id == "a"


def test_an_ambiguous_prefix_is_refused_with_its_candidates():
    with pytest.raises(AmbiguousRevisionError, match=r"2 .*\(a1, a2\)"):
        LINE.find("a")


def test_an_ambiguous_prefix_shows_five_candidates():
    history = make_history({f"a{number}": "" for number in range(9)})
    with pytest.raises(AmbiguousRevisionError, match=r"9 .*\(a0, a1, a2, a3, a4, \.\.\.\)"):
        history.find("a")


@pytest.mark.parametrize("text", ["nope", "", "@head", "A1"])
def test_what_fits_nothing_is_refused(text):
    with pytest.raises(UnknownRevisionError) as caught:
        LINE.find(text)
    assert caught.value.hint == "python manage.py showmigrations"


def test_a_branch_label_gives_the_head_of_its_branch():
    assert TWO_HEADS.find("left").id == "b"
    assert TWO_HEADS.find("right@head").id == "c"
    assert DIAMOND.find("left").id == "merge"


def test_a_branch_label_wins_over_a_prefix():
    history = make_history({"shop_1": "", "x": "", "y": "x"}, labels={"x": "shop"})
    assert history.find("shop").id == "y"


def test_a_labelled_branch_with_two_heads_is_refused():
    history = make_history({"a": "", "b": "a", "c": "a"}, labels={"a": "shop"})
    with pytest.raises(MultipleHeadsError, match=r"'shop' has several heads: \(b, c\)"):
        history.find("shop")


def test_the_head_of_a_labelled_branch_is_not_one_of_a_tree_that_depends_on_it():
    assert TWO_TREES.find("shop").id == "y"


# Problems


def kinds(history: History) -> list[str]:
    return [problem.kind for problem in history.problems]


def test_a_missing_parent_is_a_problem_that_names_it():
    history = make_history({"b": "lost"})
    assert kinds(history) == ["missing-parent"]
    assert "'lost'" in history.problems[0].message
    assert "b.py" in history.problems[0].message


def test_a_missing_dependency_is_a_problem():
    assert kinds(make_history({"a": ""}, depends_on={"a": "lost"})) == ["missing-parent"]


def test_a_history_with_a_missing_parent_still_has_an_order():
    assert ids(make_history({"b": "lost", "c": "b"})) == ["b", "c"]


@pytest.mark.parametrize("graph", [{"a": "a"}, {"a": "b", "b": "a"}, {"a": "", "b": "a c", "c": "b"}])
def test_a_cycle_is_a_problem(graph):
    assert kinds(make_history(graph)) == ["cycle"]


def test_a_cycle_through_a_dependency_is_a_problem():
    assert kinds(make_history({"a": "", "b": "a"}, depends_on={"a": "b"})) == ["cycle"]


def test_a_sound_history_is_given_back_and_another_is_refused():
    assert LINE.require_sound() is LINE
    with pytest.raises(BrokenRevisionError, match="'lost'"):
        make_history({"b": "lost"}).require_sound()


def test_a_problem_becomes_an_error_with_its_hint():
    error = Problem("duplicate", "twice", "delete one").as_error()
    assert (str(error), error.hint, error.returncode) == ("twice", "delete one", 1)


def test_of_two_revisions_with_one_id_the_first_counts():
    history = History([Revision("a", Path("first.py")), Revision("a", Path("second.py"))])
    assert history.by_id["a"].path == Path("first.py")


# Files


@pytest.fixture
def write(tmp_path):
    def write(text: str, name: str = "0001.py") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("down_revision = None", ()),
        ("down_revision = 'a'", ("a",)),
        ("down_revision = ('a', 'b')", ("a", "b")),
        ("down_revision = ['a', 'b']", ("a", "b")),
        ("down_revision = ()", ()),
        ("down_revision = ''", ()),
        ("down_revision: str | None = 'a'", ("a",)),
        ("down_revision: Union[str, Sequence[str], None] = 'a'", ("a",)),
        ("down_revision: str | None = None", ()),
        ("", ()),
        ("down_revision = 'a' if 1 else None", ("a",)),
        ("down_revision = 'a' + 'b'", ("ab",)),
        ("PARENT = 'a'\ndown_revision = PARENT", ("a",)),
        ("down_revision = None\ndown_revision = 'a'", ("a",)),
        ("if True:\n    down_revision = 'a'\nelse:\n    down_revision = 'b'", ("a",)),
        ("down_revision, branch_labels = 'a', None", ("a",)),
        ("down_revision: str", ()),
        ("down_revision = {'b', 'a'}", ("a", "b")),
        ("from posixpath import sep as down_revision", ("/",)),
    ],
)
def test_down_revision_is_read_in_every_form(write, line, expected):
    path = write(f"revision = 'r'\n{line}\n")
    assert read_revision(path).down_revisions == expected


def test_every_identifier_is_read(write):
    revision = read_revision(
        write(
            '''
            """add the shop

            More about it.
            """
            revision = "0002_shop"
            down_revision = "0001"
            branch_labels = ("shop",)
            depends_on = ["x", "y"]
            '''
        )
    )
    assert revision.id == "0002_shop"
    assert revision.down_revisions == ("0001",)
    assert revision.branch_labels == ("shop",)
    assert revision.depends_on == ("x", "y")
    assert revision.message == "add the shop"


def test_a_file_with_plain_identifiers_is_not_imported(write):
    path = write("raise SystemExit('imported')\nrevision = 'a'\ndown_revision = None")
    assert read_revision(path).id == "a"


def test_a_variable_of_a_function_is_no_identifier(write):
    path = write("revision = 'a'\ndef upgrade():\n    down_revision = 'x'\n    revision = 'y'\n")
    assert read_revision(path) == Revision("a", path)


@pytest.mark.parametrize("id", ["0186_rename_is_active_columns", "v3.0.0.c", "kilo", "0468", "ünï"])
def test_an_id_is_anything(write, id):
    assert read_revision(write(f"revision = {id!r}")).id == id


def test_an_encoding_cookie_counts(tmp_path):
    path = tmp_path / "a.py"
    path.write_bytes("# -*- coding: latin-1 -*-\n'''gr\xfcn'''\nrevision = 'a'\n".encode("latin-1"))
    assert read_revision(path).message == "grün"


def test_a_syntax_error_is_named_with_file_and_line(write):
    path = write("revision = 'a'\ndef upgrade(:\n")
    with pytest.raises(BrokenRevisionError, match=r"0001\.py:2: .*SyntaxError"):
        read_revision(path)


def test_a_null_byte_is_a_file_that_cannot_be_read(tmp_path):
    path = tmp_path / "a.py"
    path.write_bytes(b"revision = 'a'\0")
    with pytest.raises(BrokenRevisionError, match=r"a\.py"):
        read_revision(path)


@pytest.mark.parametrize("text", ["", "revision = None", "revision = 1", "revision = ''", "down_revision = 'a'"])
def test_a_file_without_a_revision_id_is_refused(write, text):
    with pytest.raises(BrokenRevisionError, match=r"0001\.py has no revision id"):
        read_revision(write(text))


def test_a_computed_identifier_that_raises_is_named_with_file_and_line(write):
    path = write("revision = 'a'\ndown_revision = undefined\n")
    with pytest.raises(BrokenRevisionError, match=r"0001\.py:2: .*NameError"):
        read_revision(path)


@pytest.mark.parametrize("name", ["down_revision", "depends_on", "branch_labels"])
def test_an_identifier_of_another_type_is_refused(write, name):
    with pytest.raises(BrokenRevisionError, match=f"{name} is 7"):
        read_revision(write(f"revision = 'a'\n{name} = 7"))


# Folders


def test_the_files_of_a_folder_form_a_history(write, tmp_path):
    write("revision = 'a'", "one.py")
    write("revision = 'b'\ndown_revision = 'a'", "two.py")
    write("no python here", "README")
    write("", "__init__.py")
    write("this is (", ".#lock.py")
    history = read_history([tmp_path])
    assert ids(history) == ["a", "b"]
    assert not history.problems


def test_a_duplicate_id_names_both_files(write, tmp_path):
    write("revision = 'a'", "one.py")
    write("revision = 'a'", "two.py")
    history = read_history([tmp_path])
    assert kinds(history) == ["duplicate"]
    assert "one.py" in history.problems[0].message
    assert "two.py" in history.problems[0].message


def test_a_file_that_cannot_be_read_leaves_the_others(write, tmp_path):
    write("revision = 'a'", "one.py")
    write("def (", "two.py")
    history = read_history([tmp_path])
    assert ids(history) == ["a"]
    assert kinds(history) == ["unreadable"]


def test_a_missing_folder_is_a_problem(tmp_path):
    history = read_history([tmp_path / "nowhere"])
    assert kinds(history) == ["folder"]
    assert "nowhere" in history.problems[0].message


def test_folders_below_count_only_when_asked_for(write, tmp_path):
    write("revision = 'a'", "one.py")
    write("revision = 'b'\ndown_revision = 'a'", "2026/two.py")
    assert ids(read_history([tmp_path])) == ["a"]
    assert ids(read_history([tmp_path], recursive=True)) == ["a", "b"]


def test_several_folders_form_one_history(write, tmp_path):
    write("revision = 'a'", "core/one.py")
    write("revision = 'b'\ndown_revision = 'a'", "shop/two.py")
    assert ids(read_history([tmp_path / "core", tmp_path / "shop"])) == ["a", "b"]


def test_a_folder_that_is_named_twice_counts_once(write, tmp_path):
    write("revision = 'a'")
    assert not read_history([tmp_path, tmp_path]).problems


def test_a_label_names_its_branch_from_where_it_begins():
    assert TWO_HEADS.branch("left") == {"b"}
    assert DIAMOND.branch("left") == {"b", "merge"}
    assert TWO_TREES.branch("shop") == {"x", "y"}


def test_a_revision_names_what_it_follows_and_what_follows_it():
    assert TWO_HEADS.branch("b") == {"a", "b"}
    assert TWO_HEADS.branch("a") == {"a", "b", "c"}
    assert DIAMOND.branch("mer") == {"a", "b", "c", "merge"}


def test_what_is_only_depended_on_is_another_branch():
    assert TWO_TREES.branch("b") == {"a", "b"}


def test_a_branch_of_nothing_is_refused():
    with pytest.raises(UnknownRevisionError, match="'zzz'"):
        LINE.branch("zzz")


# Revisions that have no file


def test_more_revisions_mend_what_was_missing():
    gap = make_history({"a": "", "c": "b"})
    assert [problem.kind for problem in gap.problems] == ["missing-parent"]
    whole = gap.with_revisions([Revision("b", Path("b.py"), ("a",))])
    assert not whole.problems
    assert ids(whole) == ["a", "b", "c"]


def test_a_file_counts_more_than_what_is_added():
    added = Revision("a1", Path("elsewhere.py"))
    assert LINE.with_revisions([added]).by_id["a1"].path == Path("a1.py")


def test_what_is_wrong_with_a_file_stays_wrong():
    broken = History([], [Problem("unreadable", "one.py", "")])
    assert [problem.kind for problem in broken.with_revisions([]).problems] == ["unreadable"]


def test_a_name_is_resolved_where_a_revision_has_it():
    assert [TWO_HEADS.resolve(name) for name in ("a", "left", "zzz")] == ["a", "b", None]


SOURCE = """
    \"\"\"Notes.\"\"\"
    revision = "b"
    down_revision = ("a", "c")
    depends_on = "x"
    """


def test_a_source_is_read_as_a_file_is(write):
    path = write(SOURCE)
    assert revision_of_source(path.read_text(), path) == read_revision(path)


def test_a_source_is_never_run(tmp_path):
    ran = tmp_path / "ran"
    source = f"open({str(ran)!r}, 'w')\nrevision = str('b')\n"
    with pytest.raises(BrokenRevisionError, match=r"b\.py computes what it is called or follows"):
        revision_of_source(source, Path("b.py"))
    assert not ran.exists()


@pytest.mark.parametrize(("source", "says"), [("revision = ", r"b\.py:1: "), ("x = 1", "has no revision id")])
def test_a_source_that_is_no_revision_is_refused(source, says):
    with pytest.raises(BrokenRevisionError, match=says):
        revision_of_source(source, Path("b.py"))


# Laws


@given(random_histories())
def test_every_order_puts_parents_first(history):
    seen: set[str] = set()
    for revision in history:
        assert seen.issuperset(history.parents(revision.id))
        seen.add(revision.id)
    assert seen == set(history.by_id)


@given(random_histories(), st.data())
def test_ancestors_and_descendants_are_each_others_reverse(history, data):
    one = data.draw(st.sampled_from(sorted(history.by_id)))
    other = data.draw(st.sampled_from(sorted(history.by_id)))
    assert (one in history.ancestors([other])) == (other in history.descendants([one]))


@given(random_histories())
def test_the_order_does_not_depend_on_the_order_of_the_files(history):
    backwards = History(reversed(list(history.by_id.values())))
    assert ids(backwards) == ids(history)


@given(random_histories())
def test_everything_is_below_the_heads_once_dependencies_count(history):
    assert history.ancestors([head.id for head in history.heads]) == set(history.by_id)
