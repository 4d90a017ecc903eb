"""`shell` and `dbshell`, run as a user runs them."""

import shutil

import pytest


def test_code_runs_with_the_names_and_nothing_else_is_printed(project_dir):
    project_dir.ok("migrate", "-v0")
    code = "session.add(Tag(name='a')); session.commit(); print(session.scalars(select(Tag.name)).all())"
    assert project_dir.ok("shell", "-c", code) == "['a']\n"


def test_standard_input_is_code_too(project_dir):
    done = project_dir.run("shell", stdin="for n in range(2):\n    print(n)\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "0\n1\n", "")


def test_names_are_listed_when_asked_for(project_dir):
    lines = project_dir.ok("shell", "-v2", "-c", "pass").splitlines()
    assert lines[0] == "15 objects imported automatically:"
    assert "  from myproject.models import Customer, Product, Tag, Order, OrderLine, product_tags" in lines


def test_without_imports_there_is_nothing(project_dir):
    assert project_dir.ok("shell", "--no-imports", "-c", "print('session' in globals())") == "False\n"


@pytest.mark.parametrize("flags", [(), ("--traceback",)])
def test_an_error_shows_the_users_traceback_and_none_of_our_files(project_dir, flags):
    done = project_dir.run("shell", *flags, "-c", "def f():\n    return 1 / 0\nf()")
    assert done.returncode == 1
    assert done.stderr.startswith('Traceback (most recent call last):\n  File "<string>", line 3, in <module>\n')
    assert done.stderr.endswith("ZeroDivisionError: division by zero\n")
    assert "alembic_manage" not in done.stderr


@pytest.mark.parametrize(
    ("code", "returncode", "stderr"), [("exit(3)", 3, ""), ("exit('bye')", 1, "bye\n"), ("exit()", 0, "")]
)
def test_leaving_the_code_leaves_with_its_code(project_dir, code, returncode, stderr):
    done = project_dir.run("shell", "-c", code)
    assert (done.returncode, done.stderr) == (returncode, stderr)


def test_await_works_on_an_asyncio_driver(make_project, async_database_url):
    project = make_project(url=async_database_url)
    code = "print(await session.scalar(select(text('1'))), type(session).__name__)"
    done = project.run("shell", "-c", code, env={"PYTHONWARNINGS": "error"})
    assert (done.returncode, done.stdout, done.stderr) == (0, "1 AsyncSession\n", "")


PROGRAMS = {"sqlite": "sqlite3", "postgresql": "psql", "mysql": "mariadb"}
SCRIPTS = {"sqlite": ["select 1 + 1"], "postgresql": ["-Atc", "select 1 + 1"], "mysql": ["-Ne", "select 1 + 1"]}


@pytest.fixture
def client(make_project, database_url):
    """A project on a database whose client is installed, and the parameters for one query."""
    backend = database_url.partition(":")[0].partition("+")[0]
    if shutil.which(PROGRAMS[backend]) is None:
        pytest.skip(f"{PROGRAMS[backend]} is not installed")
    return make_project(url=database_url), SCRIPTS[backend]


def test_the_client_gets_the_parameters_behind_the_dashes(client):
    project, parameters = client
    assert project.ok("dbshell", "--", *parameters) == "2\n"


def test_the_client_reads_standard_input(client):
    project, _ = client
    done = project.run("dbshell", stdin="select 1 + 1;\n")
    assert done.returncode == 0
    assert "2" in done.stdout.split()


def test_the_clients_exit_code_is_ours(client):
    project, parameters = client
    done = project.run("dbshell", "--", *parameters[:-1], "select nonsense from nowhere")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith("returned non-zero exit status 1.")


def test_a_database_in_memory_has_no_client(make_project):
    done = make_project(url="sqlite://").run("dbshell")
    assert done.returncode == 1
    assert "lives in the memory of the process that opens it" in done.stderr
