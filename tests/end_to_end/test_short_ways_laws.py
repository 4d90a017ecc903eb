"""What is kept of earlier runs never changes what `migrate` and `makemigrations --check` say: laws over whole projects.

A project is edited at will: models, revisions, settings, environment, database, the cache itself. After each edit a
command runs with what earlier runs have kept, and again with nothing kept, on a copy of the database; then the edits go
on, or all is put back and known again. To run more of it: SHORT_WAYS_EXAMPLES=100.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from support.projects import ProjectFolder, Result, lay_out

from alembic_manage.cache_folder import FOLDER

EXAMPLES = int(os.environ.get("SHORT_WAYS_EXAMPLES", "2"))

# Files that were made just now count as old, as they would two seconds later. The first argument is said to be the
# version of Python, the second is how much is compared unasked; what is said last is whether the models were imported.
LAUNCHER = """
import sys
sys.version += sys.argv.pop(1)
from alembic_manage.sources import reminder
reminder.MOST = int(sys.argv.pop(1))
from alembic_manage.execution import checksum_cache
from alembic_manage.history import cache
from alembic_manage.standing import inputs
for module in (checksum_cache, cache, inputs):
    module._OLD_ENOUGH_NS = -10**12
from alembic_manage import cli
sys.argv[0] = "manage.py"
code = cli.run(sys.argv)
print("long" if "myproject.models" in sys.modules else "short", file=sys.stderr)
sys.exit(code)
"""
READS = 'from pathlib import Path\n\nWORD = (Path(__file__).parent / "word.txt").read_text()\n'
MODEL = """

class {name}(Base):
    __tablename__ = "{table}"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String({length}))
"""
# What models may do besides defining tables.
TRACES = {
    "hook": """

from alembic_manage.hooks import pre_migrate


@pre_migrate.connect
def told(event):
    print("told")
""",
    "listener": """

from sqlalchemy import Engine, event


said = []


def connected(*_):
    if not said:
        said.append(print("connected"))


event.listen(Engine, "connect", connected)
""",
    "compiler": """

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateTable


@compiles(CreateTable)
def create_table(element, compiler, **options):
    return compiler.visit_create_table(element, **options) + " -- of its own"
""",
    "patch": """

from alembic import op

op.execute = lambda *_: print("patched")
""",
}
REVISION = '''"""{message}"""

from alembic import op

revision = "{id}"
down_revision = {down!r}


def upgrade():
    op.execute("CREATE TABLE IF NOT EXISTS {table} (id INTEGER)")


def downgrade():
    op.execute("DROP TABLE {table}")
'''
COMMANDS = (
    ("migrate",),
    ("migrate",),
    ("makemigrations", "--check"),
    ("migrate", "--check"),
    ("showmigrations",),
    ("sqlmigrate", "0001_initial"),
    ("rollback", "--no-input", "--accept-data-loss"),
)


class Project:
    """One project, whose runs with and without what is kept say the same."""

    def __init__(self, folder: Path, *, reads: bool, most: int) -> None:
        self.folder = folder
        self.most = str(most)
        self.aside = folder / "aside"
        self.aside.mkdir()
        path = folder / "project"
        lay_out(path, "one_table")
        self.database = path / "db.sqlite3"
        self.project = ProjectFolder(path, f"sqlite:///{self.database}")
        self.project.write("launcher.py", LAUNCHER)
        self.project.write("myproject/word.txt", "authors")
        if reads:
            self.project.write("myproject/models.py", READS + self.project.read("myproject/models.py"))
        self.variables: dict[str, str] = {}
        self.version = ""
        self.branch: Path | None = None
        self.first = self.files()
        self.settle()

    def settle(self) -> None:
        looks = [("makemigrations", "--check")] if int(self.most) >= 0 else []
        for command in ("migrate",), *looks, ("migrate",), ("migrate",):
            way = self.run(command).stderr.split()[-1]
        assert way == "short"  # else nothing would be shown

    def put_all_back(self) -> None:
        now = self.files()
        for path in now.keys() - self.first.keys():
            path.unlink()
        for path, content in self.first.items():
            if now.get(path) != content:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        self.database.unlink(missing_ok=True)
        self.variables.clear()
        self.version = ""
        shutil.rmtree(self.project.path / "myproject" / "models", ignore_errors=True)
        for path in (self.project.path / FOLDER).glob("*/"):
            path.rmdir()
        self.settle()

    def files(self) -> dict[Path, bytes]:
        paths = (path for path in self.project.path.rglob("*") if path.is_file())
        kept = self.project.path / FOLDER
        return {path: path.read_bytes() for path in paths if path != self.database and kept not in path.parents}

    # What is edited

    def edit_a_model(self, length: int) -> None:
        text = self.project.read("myproject/models.py")
        self.project.write("myproject/models.py", re.sub(r"String\(\d+\)", f"String({length})", text, count=1))

    def edit_a_model_with_its_times_restored(self, length: int) -> None:
        path = self.project.path / "myproject" / "models.py"
        before = path.stat()
        self.edit_a_model(length)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    def add_a_model(self, length: int) -> None:
        text = self.project.read("myproject/models.py")
        if "class Book" not in text:
            self.project.write("myproject/models.py", text + MODEL.format(name="Book", table="books", length=length))

    def leave_a_trace(self, kind: str) -> None:
        self.project.write("myproject/models.py", self.project.read("myproject/models.py") + TRACES[kind])

    def hide_the_models_behind_a_package(self) -> None:
        if (self.project.path / "myproject" / "models.py").exists():
            self.project.write("myproject/models/__init__.py", self.project.read("myproject/models.py"))

    def edit_what_the_models_read(self, word: str) -> None:
        self.project.write("myproject/word.txt", word)

    def write_a_revision(self, id: str, down: str, message: str) -> None:
        text = REVISION.format(id=id, down=down, message=message, table=f"t{id[3]}")
        self.project.write(f"alembic_database/versions/{id}.py", text)

    def edit_a_revision_with_its_times_and_size_restored(self, id: str) -> None:
        path = self.project.versions / f"{id}.py"
        if path.exists():
            before, text = path.stat(), path.read_text(encoding="utf-8")
            path.write_text(text.replace("def downgrade", "def downgradE"), encoding="utf-8")
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    def touch_a_revision(self, id: str) -> None:
        path = self.project.versions / f"{id}.py"
        if path.exists():
            os.utime(path)

    def delete_a_revision(self, id: str) -> None:
        (self.project.versions / f"{id}.py").unlink(missing_ok=True)

    def rename_a_revision(self, id: str, other: str) -> None:
        path = self.project.versions / f"{id}.py"
        if path.exists():
            path.replace(self.project.versions / f"{other}.py")

    def keep_the_branch(self) -> None:
        self.branch = self.aside / "branch"
        shutil.rmtree(self.branch, ignore_errors=True)
        for name in ("myproject", "alembic_database"):
            shutil.copytree(self.project.path / name, self.branch / name)

    def check_the_branch_out(self) -> None:
        if self.branch is not None:
            for name in ("myproject", "alembic_database"):
                shutil.rmtree(self.project.path / name)
                shutil.copytree(self.branch / name, self.project.path / name)

    def edit_the_settings(self, text: str) -> None:
        self.project.write("settings.py", self.project.read("settings.py") + text)

    def edit_env_py(self) -> None:
        path = "alembic_database/env.py"
        self.project.write(path, self.project.read(path) + "\nprint('of its own')\n")

    def set_a_variable(self, value: str) -> None:
        self.variables["WORD"] = value

    def write_the_env_file(self, text: str) -> None:
        self.project.write(".env", text)

    def switch_python(self) -> None:
        self.version = "" if self.version else "+"

    def go_back(self) -> None:
        self.project.run("rollback", "--no-input", "--accept-data-loss")

    def delete_the_database(self) -> None:
        self.database.unlink(missing_ok=True)

    def change_what_is_recorded(self, sql: str) -> None:
        with sqlite3.connect(self.database) as connection:
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
                connection.execute(sql)
        connection.close()

    # What happens to the cache

    def damage_the_cache(self, at: int) -> None:
        for path in self.kept():
            data = bytearray(path.read_bytes())
            if data:
                data[at % len(data)] ^= 1
                path.write_bytes(data)

    def cut_the_cache(self, length: int) -> None:
        for path in self.kept():
            path.write_bytes(path.read_bytes()[:length])

    def delete_the_cache(self) -> None:
        shutil.rmtree(self.project.path / FOLDER, ignore_errors=True)

    def put_folders_in_its_place(self) -> None:
        for path in list(self.kept()):
            path.unlink()
            path.mkdir()

    def run_two_at_once(self, command: str) -> None:
        argv = [sys.executable, "launcher.py", self.version, self.most, command]
        both = [
            subprocess.Popen(
                argv,
                cwd=self.project.path,
                env=self.project.environment(self.variables),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for _ in range(2)
        ]
        for process in both:
            process.wait(60)

    # The law

    def agrees(self, command: tuple[str, ...]) -> None:
        """Run with what is kept, and on a copy of the database with nothing kept: both must say and leave the same."""
        before = self.content()
        with_kept, after = self.run(command), self.state()
        later = self.content()
        self.put_back(before)
        self.move(self.project.path / FOLDER, self.aside / FOLDER)
        try:
            without = self.run(command)
            told_with, told_without = told(with_kept), told(without)
            if NOT_COMPARED in told_without[1]:
                # What is kept may know of an earlier look: all but the reminder must be the same.
                told_with, told_without = map(without_reminder, (told_with, told_without))
            assert told_with == told_without, (command, with_kept, without)
            assert after == self.state()
        finally:
            shutil.rmtree(self.project.path / FOLDER, ignore_errors=True)
            self.move(self.aside / FOLDER, self.project.path / FOLDER)
            self.put_back(later)

    def run(self, command: tuple[str, ...]) -> Result:
        return self.project.launch("launcher.py", self.version, self.most, *command, env=self.variables)

    def kept(self) -> Iterator[Path]:
        folder = self.project.path / FOLDER
        return (path for path in folder.iterdir() if path.is_file()) if folder.exists() else iter(())

    def content(self) -> bytes | None:
        return self.database.read_bytes() if self.database.exists() else None

    def put_back(self, content: bytes | None) -> None:
        if content is None:
            self.database.unlink(missing_ok=True)
        else:
            self.database.write_bytes(content)

    def state(self) -> object:
        if not self.database.exists():
            return None
        connection = sqlite3.connect(self.database)
        try:
            schema = sorted(connection.execute("SELECT type, name, sql FROM sqlite_master"))
            recorded = any(name == "alembic_version" for _, name, _ in schema)
            return schema, recorded and sorted(connection.execute("SELECT version_num FROM alembic_version"))
        finally:
            connection.close()

    @staticmethod
    def move(source: Path, target: Path) -> None:
        if source.exists():
            source.rename(target)


def told(result: Result) -> tuple[int, str, str]:
    """What a user sees, but for durations and the way that was taken."""
    error = "\n".join(result.stderr.splitlines()[:-1])
    return result.returncode, *(re.sub(r"\d+(\.\d+)? (ms|s)\b", "TIME", text) for text in (result.stdout, error))


NOT_COMPARED = "Your models were not compared with the migrations"


def without_reminder(told: tuple[int, str, str]) -> tuple[int, str, str]:
    """The same without what `migrate` says about the models at its end."""
    lines = told[1].splitlines()
    about = ("  Your models", "  Run 'python manage.py makemigrations")
    return told[0], "\n".join(line for line in lines if not line.startswith(about)), told[2]


EDITS: tuple[Callable[[Project], None], ...] = (
    lambda project: project.edit_a_model(200),
    lambda project: project.edit_a_model_with_its_times_restored(200),
    lambda project: project.edit_a_model_with_its_times_restored(300),
    lambda project: project.add_a_model(200),
    lambda project: project.leave_a_trace("hook"),
    lambda project: project.leave_a_trace("listener"),
    lambda project: project.leave_a_trace("compiler"),
    lambda project: project.leave_a_trace("patch"),
    lambda project: project.hide_the_models_behind_a_package(),
    lambda project: project.edit_what_the_models_read("writers"),
    lambda project: project.write_a_revision("0002_b", "0001_initial", "b"),
    lambda project: project.write_a_revision("0002_b", "0001_initial", "another message"),
    lambda project: project.write_a_revision("0003_c", "0002_b", "c"),
    lambda project: project.write_a_revision("0003_c", "0001_initial", "c"),
    lambda project: project.edit_a_revision_with_its_times_and_size_restored("0001_initial"),
    lambda project: project.edit_a_revision_with_its_times_and_size_restored("0002_b"),
    lambda project: project.touch_a_revision("0001_initial"),
    lambda project: project.delete_a_revision("0001_initial"),
    lambda project: project.delete_a_revision("0003_c"),
    lambda project: project.rename_a_revision("0001_initial", "0001_other"),
    lambda project: project.rename_a_revision("0003_c", "0002_b"),
    lambda project: project.keep_the_branch(),
    lambda project: project.check_the_branch_out(),
    lambda project: project.edit_the_settings("SOMETHING = 1\n"),
    lambda project: project.edit_the_settings("DATABASES = {}\n"),
    lambda project: project.edit_env_py(),
    lambda project: project.set_a_variable("writers"),
    lambda project: project.write_the_env_file("WORD=writers\n"),
    lambda project: project.switch_python(),
    lambda project: project.go_back(),
    lambda project: project.delete_the_database(),
    lambda project: project.change_what_is_recorded("DELETE FROM alembic_version"),
    lambda project: project.change_what_is_recorded("UPDATE alembic_version SET version_num = 'gone'"),
    lambda project: project.damage_the_cache(17),
    lambda project: project.damage_the_cache(1700),
    lambda project: project.cut_the_cache(0),
    lambda project: project.cut_the_cache(100),
    lambda project: project.delete_the_cache(),
    lambda project: project.put_folders_in_its_place(),
    lambda project: project.run_two_at_once("migrate"),
    lambda project: project.run_two_at_once("makemigrations"),
)
STEPS = st.lists(st.tuples(st.sampled_from(EDITS), st.sampled_from(COMMANDS), st.booleans()), min_size=3, max_size=6)


@given(steps=STEPS, reads=st.booleans(), most=st.sampled_from((400, -1)))
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)
def test_what_is_kept_makes_no_difference(steps, reads, most):
    with tempfile.TemporaryDirectory() as name:
        project = Project(Path(name).resolve(), reads=reads, most=most)
        for edit, command, is_put_back in steps:
            edit(project)
            project.agrees(command)
            if is_put_back:
                project.put_all_back()
