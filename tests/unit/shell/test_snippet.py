"""Code that is run without a person."""

import pytest

from alembic_manage.shell.namespace import Name, Namespace
from alembic_manage.shell.snippet import Snippet


class Closing(Namespace):
    """Remembers how it was closed."""

    def __init__(self, **values):
        super().__init__(Name(name, value) for name, value in values.items())
        self.closed = []

    def close(self):
        self.closed.append("close")

    async def aclose(self):
        self.closed.append("aclose")


def run(source, **values):
    namespace = Closing(**values)
    Snippet(source).run(namespace)
    return namespace


def failure(source, error):
    namespace, snippet = Closing(), Snippet(source)
    with pytest.raises(error) as caught:
        snippet.run(namespace)
    return namespace, snippet.traceback_of(caught.value)


def test_the_names_are_there():
    assert run("found.append(number)", found=(found := []), number=7) and found == [7]


def test_functions_see_the_names_that_the_code_defines():
    found = []
    run("x = 1\ndef f(): return x\nfound.extend([f() for _ in range(2)])", found=found)
    assert found == [1, 1]


def test_await_may_stand_at_the_top_level():
    found = []
    namespace = run("import asyncio\nfound.append(await asyncio.sleep(0, 3))", found=found)
    assert found == [3]
    assert namespace.closed == ["aclose"]


def test_plain_code_may_run_an_event_loop_of_its_own():
    run("import asyncio\nasyncio.run(asyncio.sleep(0))")


def test_annotations_are_evaluated_as_in_any_file_without_a_future_import():
    found = []
    run("def f(x: int): pass\nfound.append(f.__annotations__['x'])", found=found)
    assert found == [int]


@pytest.mark.parametrize(("source", "closed"), [("1 / 0", ["close"]), ("await f()\n1 / 0", ["aclose"])])
def test_the_namespace_is_closed_after_an_error(source, closed):
    namespace, _ = failure(source, (ZeroDivisionError, NameError))
    assert namespace.closed == closed


@pytest.mark.parametrize("source", ["def f():\n    return 1 / 0\nf()", "async def f():\n    return 1 / 0\nawait f()"])
def test_a_traceback_begins_in_the_code_and_shows_its_lines(source):
    _, text = failure(source, ZeroDivisionError)
    lines = [line.strip() for line in text.splitlines() if not set(line) <= set(" ~^")]
    assert lines == [
        "Traceback (most recent call last):",
        'File "<string>", line 3, in <module>',
        source.splitlines()[2],
        'File "<string>", line 2, in f',
        "return 1 / 0",
        "ZeroDivisionError: division by zero",
    ]


def test_a_syntax_error_has_no_traceback_of_ours():
    _, text = failure("x = = 1", SyntaxError)
    assert text.startswith('  File "<string>", line 1\n')


def test_system_exit_goes_through():
    namespace, _ = failure("raise SystemExit(3)", SystemExit)
    assert namespace.closed == ["close"]
