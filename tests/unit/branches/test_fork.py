"""The branches between several heads."""

from support.histories import make_history

from alembic_manage.branches.fork import Fork


def branches(graph: dict[str, str], heads: str, **more: dict[str, str]) -> dict[str, list[str]]:
    fork = Fork.of(make_history(graph, **more), heads.split())
    return {branch.name: [revision.id for revision in branch.revisions] for branch in fork.branches}


def test_a_branch_is_what_is_not_shared_by_all():
    graph = {"a": "", "b": "a", "c": "a", "d": "c"}
    assert branches(graph, "b d") == {"b": ["b"], "d": ["c", "d"]}
    assert [revision.id for revision in Fork.of(make_history(graph), ["b", "d"]).shared] == ["a"]


def test_histories_with_two_bases_share_nothing():
    fork = Fork.of(make_history({"a": "", "b": ""}), ["a", "b"])
    assert (fork.shared, fork.revisions) == ((), {"a", "b"})


def test_of_three_heads_two_may_have_revisions_in_common():
    assert branches({"a": "", "b": "a", "c": "a", "d": "c", "e": "c"}, "b d e") == {
        "b": ["b"],
        "d": ["c", "d"],
        "e": ["c", "e"],
    }


def test_what_a_branch_depends_on_belongs_to_it():
    graph = {"a": "", "b": "a", "c": "a", "d": "a"}
    assert branches(graph, "b d", depends_on={"d": "c"}) == {"b": ["b"], "d": ["c", "d"]}
