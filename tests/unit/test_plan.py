"""Plans: what must run to reach a target, from what is recorded."""

from types import SimpleNamespace

import pytest
from alembic.runtime.migration import HeadMaintainer, RevisionStep
from alembic.script.revision import RangeNotAncestorError, RevisionMap
from hypothesis import given, settings
from hypothesis import strategies as st
from support.histories import assert_plan, heads_of, make_history, random_histories, signs

from alembic_manage import (
    AmbiguousRevisionError,
    ExitCode,
    MultipleHeadsError,
    RecordError,
    UnknownRevisionError,
    UsageError,
)
from alembic_manage.alembic_api import LazyRevision
from alembic_manage.history import History
from alembic_manage.plan import Direction, Plan, applied_ids, make_plan, pending, require_known, require_target

LINE = make_history({"0001_initial": "", "0002_orders": "0001_initial", "0003_tags": "0002_orders"})
TWO_HEADS = make_history({"a": "", "b": "a", "c": "a"})
DIAMOND = make_history({"a": "", "b": "a", "c": "a", "merge": "b c", "last": "merge"})
TWO_BASES = make_history({"a": "", "x": "", "y": "x"}, labels={"x": "shop"})
DEPENDENT = make_history({"a": "", "b": "a", "x": "", "y": "x"}, depends_on={"b": "x"})


def test_head_applies_everything_that_is_missing_parents_first():
    assert_plan(LINE, "", "head", "+0001_initial +0002_orders +0003_tags")
    assert_plan(LINE, "0001_initial", "head", "+0002_orders +0003_tags")


def test_nothing_is_planned_when_the_target_is_recorded():
    assert_plan(LINE, "0003_tags", "head", "")
    assert_plan(LINE, "0002_orders", "0002_orders", "")


def test_a_prefix_names_a_revision():
    assert_plan(LINE, "", "0002", "+0001_initial +0002_orders")


def test_an_applied_target_is_reached_by_taking_down_what_follows_it():
    assert_plan(LINE, "0003_tags", "0001", "-0003_tags -0002_orders")


@pytest.mark.parametrize("target", ["zero", "base"])
def test_zero_takes_everything_down_children_first(target):
    assert_plan(LINE, "0003_tags", target, "-0003_tags -0002_orders -0001_initial")


def test_zero_is_reached_from_an_empty_database_without_a_step():
    assert_plan(LINE, "", "zero", "")


def test_plus_n_goes_n_steps_up():
    assert_plan(LINE, "0001_initial", "+1", "+0002_orders")
    assert_plan(LINE, "", "+3", "+0001_initial +0002_orders +0003_tags")


def test_minus_n_goes_n_steps_down():
    assert_plan(LINE, "0003_tags", "-1", "-0003_tags")
    assert_plan(LINE, "0003_tags", "-3", "-0003_tags -0002_orders -0001_initial")


@pytest.mark.parametrize("target", ["+0", "-0"])
def test_no_step_is_no_step(target):
    assert_plan(LINE, "0002_orders", target, "")


@pytest.mark.parametrize(("recorded", "target"), [("0002_orders", "+2"), ("0002_orders", "-3"), ("", "-1")])
def test_more_steps_than_there_are_is_wrong_usage(recorded, target):
    with pytest.raises(UsageError, match=f"{target[1:]} step"):
        make_plan(LINE, frozenset(recorded.split()), target)


def test_head_is_refused_with_two_heads_and_heads_is_not():
    with pytest.raises(MultipleHeadsError, match=r"\(b, c\)") as caught:
        make_plan(TWO_HEADS, frozenset(), "head")
    assert caught.value.hint == "python manage.py makemigrations --merge"
    assert_plan(TWO_HEADS, "", "heads", "+a +b +c")


def test_plus_n_is_refused_with_two_heads():
    with pytest.raises(MultipleHeadsError):
        make_plan(TWO_HEADS, frozenset(), "+1")


def test_one_branch_of_two_can_be_named():
    assert_plan(TWO_HEADS, "", "c", "+a +c")
    assert_plan(TWO_HEADS, "b", "c", "+c")


def test_minus_n_is_refused_where_it_could_mean_two_branches():
    with pytest.raises(UsageError, match="b, c are applied") as caught:
        make_plan(TWO_HEADS, frozenset({"b", "c"}), "-1")
    assert caught.value.returncode == ExitCode.USAGE
    assert caught.value.hint == (
        "python manage.py rollback b@-1, or: python manage.py rollback c@-1, or, for all of them: "
        "python manage.py rollback a"
    )


def test_minus_n_is_refused_where_a_later_step_could_mean_two_branches():
    assert_plan(DIAMOND, "last", "-2", "-last -merge")
    with pytest.raises(UsageError, match="b, c are left after 2 of them") as caught:
        make_plan(DIAMOND, frozenset({"last"}), "-3")
    assert caught.value.hint.startswith("python manage.py rollback 2, then: python manage.py rollback b@-1, or: ")


def test_every_command_that_the_choice_names_takes_one_branch_back():
    assert_plan(TWO_HEADS, "b c", "b@-1", "-b")
    assert_plan(TWO_HEADS, "b c", "c@-1", "-c")
    assert_plan(TWO_HEADS, "b c", "a", "-c -b")


def test_a_step_down_on_a_branch_can_be_named_by_its_label():
    assert_plan(TWO_BASES, "a y", "shop@-1", "-y")
    assert_plan(TWO_BASES, "a y", "shop@-2", "-y -x")
    assert_plan(TWO_BASES, "a y", "a@-1", "-a")


def test_two_trees_have_no_command_for_both():
    with pytest.raises(UsageError) as caught:
        make_plan(TWO_BASES, frozenset({"a", "y"}), "-1")
    assert caught.value.hint == "python manage.py rollback a@-1, or: python manage.py rollback y@-1"


def test_steps_down_on_a_branch_end_where_another_branch_begins():
    with pytest.raises(UsageError, match="c needs a") as caught:
        make_plan(TWO_HEADS, frozenset({"b", "c"}), "b@-2")
    assert caught.value.hint.endswith("python manage.py rollback c@-1")


def test_steps_down_on_a_branch_end_at_its_beginning():
    with pytest.raises(UsageError, match="no more of it is applied"):
        make_plan(TWO_BASES, frozenset({"a", "y"}), "shop@-3")
    with pytest.raises(UsageError, match="no more of it is applied"):
        make_plan(TWO_BASES, frozenset({"a"}), "shop@-1")


def test_a_branch_that_another_tree_needs_waits_for_it():
    with pytest.raises(UsageError, match="b needs x"):
        make_plan(DEPENDENT, frozenset({"b", "x"}), "x@-1")


def test_steps_down_from_a_merge_are_clear_until_it_is_gone():
    assert_plan(DIAMOND, "last", "last@-2", "-last -merge")
    with pytest.raises(UsageError, match="b, c are left") as caught:
        make_plan(DIAMOND, frozenset({"last"}), "last@-3")
    assert caught.value.hint.startswith("python manage.py rollback last@-2, then: python manage.py rollback b@-1")


def test_one_applied_branch_of_two_can_be_gone_down_by_number():
    assert_plan(TWO_HEADS, "c", "-2", "-c -a")


def test_a_merge_waits_for_both_branches():
    assert_plan(DIAMOND, "b", "head", "+c +merge +last")


def test_going_back_to_one_side_of_a_merge_keeps_the_other_side():
    assert_plan(DIAMOND, "last", "b", "-last -merge")


def test_going_back_before_a_merge_takes_both_branches_down():
    assert_plan(DIAMOND, "last", "a", "-last -merge -c -b")


def test_a_dependency_is_applied_first():
    assert_plan(DEPENDENT, "", "b", "+a +x +b")


def test_a_dependency_cannot_be_taken_down_before_what_depends_on_it():
    assert_plan(DEPENDENT, "b y", "zero", "-y -b -x -a")


def test_going_back_in_one_tree_keeps_another_tree_that_depends_on_the_target():
    assert_plan(DEPENDENT, "b y", "x", "-y")


def test_a_tree_goes_down_with_the_dependency_that_it_needs():
    history = make_history({"x": "", "y": "x", "a": ""}, depends_on={"a": "y"})
    assert_plan(history, "a", "x", "-a -y")


def test_a_branch_label_names_the_head_of_its_branch():
    assert_plan(TWO_BASES, "", "shop", "+x +y")
    assert_plan(TWO_BASES, "a", "shop@head", "+x +y")


def test_an_unknown_target_is_refused():
    with pytest.raises(UnknownRevisionError, match="'0009'"):
        make_plan(LINE, frozenset(), "0009")


def test_an_ambiguous_prefix_is_refused_with_its_candidates():
    with pytest.raises(AmbiguousRevisionError, match="0001_initial, 0002_orders, 0003_tags"):
        make_plan(LINE, frozenset(), "000")


def test_a_recorded_revision_without_a_file_is_refused_and_named():
    with pytest.raises(RecordError, match="'0009_lost'") as caught:
        make_plan(LINE, frozenset({"0009_lost"}), "head")
    assert "--fake --prune" in caught.value.hint


def test_an_empty_history_needs_no_step():
    assert_plan(make_history({}), "", "head", "")
    assert_plan(make_history({}), "", "heads", "")
    assert_plan(make_history({}), "", "zero", "")


def test_an_empty_plan_counts_as_an_upgrade():
    assert make_plan(LINE, frozenset(), "zero").direction is Direction.UPGRADE


def test_known_ids_are_given_back():
    assert require_known(LINE, {"0001_initial"}) == {"0001_initial"}


def test_what_is_recorded_implies_its_ancestors():
    assert applied_ids(DIAMOND, ["merge"]) == {"a", "b", "c", "merge"}


def test_an_id_without_a_file_implies_nothing():
    assert applied_ids(LINE, ["0009_lost", "0001_initial"]) == {"0001_initial"}


def test_pending_is_what_no_head_implies():
    assert [revision.id for revision in pending(DIAMOND, ["b"])] == ["c", "merge", "last"]


@pytest.mark.parametrize("target", ["head", "heads", "zero", "base", "+2", "-2", "0002", "0002@-1"])
def test_a_target_that_means_something_is_given_back(target):
    assert require_target(LINE, target) == target


@pytest.mark.parametrize(
    ("history", "target", "error"),
    [
        (LINE, "nope", UnknownRevisionError),
        (LINE, "000", AmbiguousRevisionError),
        (LINE, "nope@-1", UnknownRevisionError),
        (TWO_HEADS, "head", MultipleHeadsError),
        (TWO_HEADS, "+1", MultipleHeadsError),
    ],
)
def test_a_target_that_means_nothing_is_refused_without_a_record(history, target, error):
    with pytest.raises(error):
        require_target(history, target)


# Laws. A record is any set of heads; `applied` is what it implies.


@st.composite
def histories_with_record(draw: st.DrawFn) -> tuple[History, frozenset[str]]:
    history = draw(random_histories())
    chosen = draw(st.sets(st.sampled_from(sorted(history.by_id)), max_size=3))
    return history, heads_of(history, history.ancestors(chosen))


def after(history: History, recorded: frozenset[str], plan: Plan) -> frozenset[str]:
    """What is applied once the plan ran; each step is checked on the way."""
    applied = set(history.ancestors(recorded))
    for step in plan.steps:
        id = step.revision.id
        if step.direction is Direction.UPGRADE:
            assert id not in applied
            assert applied.issuperset(history.parents(id)), f"{id} runs before its parents"
            applied.add(id)
        else:
            assert id in applied
            applied.remove(id)
            assert not any(id in history.parents(other) for other in applied), f"{id} goes before its children"
    return frozenset(applied)


@given(histories_with_record())
def test_heads_applies_everything(drawn):
    history, recorded = drawn
    assert after(history, recorded, make_plan(history, recorded, "heads")) == set(history.by_id)


@given(histories_with_record())
def test_zero_leaves_nothing(drawn):
    history, recorded = drawn
    assert after(history, recorded, make_plan(history, recorded, "zero")) == frozenset()


@given(histories_with_record(), st.data())
def test_a_target_is_a_head_or_below_one_once_its_plan_ran(drawn, data):
    history, recorded = drawn
    target = data.draw(st.sampled_from(sorted(history.by_id)))
    applied = after(history, recorded, make_plan(history, recorded, target))
    assert target in applied
    if target in history.ancestors(recorded):
        assert not any(target in history.by_id[id].down_revisions for id in applied)


@given(histories_with_record(), st.data())
def test_a_plan_is_empty_once_it_ran(drawn, data):
    history, recorded = drawn
    target = data.draw(st.sampled_from([*sorted(history.by_id), "heads", "zero"]))
    applied = after(history, recorded, make_plan(history, recorded, target))
    assert not make_plan(history, heads_of(history, applied), target).steps


@given(histories_with_record())
def test_each_of_several_heads_has_a_command_of_its_own(drawn):
    history, recorded = drawn
    for head in recorded:
        assert signs(make_plan(history, recorded, f"{head}@-1")) == [f"-{head}"]


@given(histories_with_record(), st.data())
def test_steps_down_on_a_branch_are_sound_or_refused(drawn, data):
    history, recorded = drawn
    branch = data.draw(st.sampled_from(sorted(history.by_id)))
    count = data.draw(st.integers(1, 4))
    try:
        plan = make_plan(history, recorded, f"{branch}@-{count}")
    except UsageError as error:
        assert "python manage.py" in error.hint
        return
    assert len(plan.steps) == count
    assert {step.revision.id for step in plan.steps} <= history.branch(branch)
    after(history, recorded, plan)


@given(random_histories(), st.data())
def test_up_to_a_revision_and_down_to_zero_is_the_identity(history, data):
    target = data.draw(st.sampled_from(sorted(history.by_id)))
    up = make_plan(history, frozenset(), target)
    recorded = heads_of(history, after(history, frozenset(), up))
    down = make_plan(history, recorded, "zero")
    assert [sign[1:] for sign in reversed(signs(down))] == [sign[1:] for sign in signs(up)]


@settings(max_examples=300)
@given(histories_with_record(), st.data())
def test_the_record_ends_as_with_plain_alembic(drawn, data):
    history, recorded = drawn
    target = data.draw(st.sampled_from(sorted(history.by_id)))
    ours = [
        (step.revision.id, step.direction is Direction.UPGRADE) for step in make_plan(history, recorded, target).steps
    ]
    theirs = alembic_steps(history, recorded, target)
    assert {id for id, _ in ours} == {id for id, _ in theirs}
    assert recorded_after(history, recorded, ours) == recorded_after(history, recorded, theirs)


def alembic_steps(history: History, recorded: frozenset[str], target: str) -> list[tuple[str, bool]]:
    """What `alembic upgrade` or `alembic downgrade` runs."""
    graph = alembic_graph(history)
    if target not in history.ancestors(recorded):
        found = graph.iterate_revisions(target, tuple(recorded), implicit_base=True)
        return [(revision.revision, True) for revision in reversed(list(found))]
    try:
        found = graph.iterate_revisions(tuple(recorded), target, select_for_downgrade=True)
        return [(revision.revision, False) for revision in found]
    except RangeNotAncestorError:
        return []  # nothing follows the target


def recorded_after(history: History, recorded: frozenset[str], steps: list[tuple[str, bool]]) -> set[str]:
    """What Alembic's version table holds after these steps."""
    graph, record = alembic_graph(history), RecordInMemory(recorded)
    for id, is_upgrade in steps:
        record.update_to_step(RevisionStep(graph, graph.get_revision(id), is_upgrade))
    return record.heads


def alembic_graph(history: History) -> RevisionMap:
    def revision(id: str) -> LazyRevision:
        made = LazyRevision(history.by_id[id])
        made.__dict__["module"] = SimpleNamespace(upgrade=None, downgrade=None)  # there is no file to import
        return made

    return RevisionMap(lambda: [revision(id) for id in history.by_id])


class RecordInMemory(HeadMaintainer):
    """Alembic's rules for the version table, without the table."""

    def __init__(self, heads: frozenset[str]) -> None:
        super().__init__(None, heads)

    def _insert_version(self, version: str) -> None:
        assert version not in self.heads
        self.heads.add(version)

    def _delete_version(self, version: str) -> None:
        self.heads.remove(version)

    def _update_version(self, from_: str, to_: str) -> None:
        assert to_ not in self.heads
        self.heads.remove(from_)
        self.heads.add(to_)


@given(random_histories())
def test_plus_one_again_and_again_is_head(history):
    heads = history.heads
    if len(heads) > 1:
        return
    steps, applied = [], frozenset()
    while len(applied) < len(history.ancestors([heads[0].id])):
        plan = make_plan(history, heads_of(history, applied), "+1")
        applied = after(history, heads_of(history, applied), plan)
        steps += signs(plan)
    assert steps == signs(make_plan(history, frozenset(), "head"))
