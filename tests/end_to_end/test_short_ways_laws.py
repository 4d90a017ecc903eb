"""What is kept of earlier runs never changes what `migrate` and `makemigrations --check` say: laws over whole projects.

A project is edited at will: models, revisions, settings, environment, database, the cache itself. After each edit a
command runs with what earlier runs have kept, and again with nothing kept, on a copy of the database. To run more of
it: SHORT_WAYS_EXAMPLES=100.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from support.projects import ProjectFolder, Result, lay_out

from alembic_manage.cache_folder import FOLDER

EXAMPLES = int(os.environ.get("SHORT_WAYS_EXAMPLES", "2"))
STEPS = 12 if EXAMPLES > 2 else 8

# Files that were made just now count as old, as they would two seconds later. The first argument is said to be the
# version of Python; what is said last is whether the models were imported.
LAUNCHER = """
import sys
sys.version += sys.argv.pop(1)
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
REVISION = '''"""{message}"""

from alembic import op

revision = "{id}"
down_revision = {down!r}


def upgrade():
    op.execute("CREATE TABLE IF NOT EXISTS {table} (id INTEGER)")


def downgrade():
    op.execute("DROP TABLE {table}")
'''
IDS = ("0002_b", "0003_c")
COMMANDS = (("migrate",), ("makemigrations", "--check"), ("migrate", "--check"), ("showmigrations",))

ids = st.sampled_from(IDS)
lengths = st.sampled_from((100, 200))
words = st.sampled_from(("authors", "writers"))


class Project(RuleBasedStateMachine):
    """One project, whose runs with and without what is kept say the same."""

    ways: dict[str, int]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp()).resolve()
        self.aside = self.folder / "aside"
        self.aside.mkdir()
        path = self.folder / "project"
        lay_out(path, "one_table")
        self.database = path / "db.sqlite3"
        self.project = ProjectFolder(path, f"sqlite:///{self.database}")
        self.variables: dict[str, str] = {}
        self.version = ""
        self.branch: Path | None = None
        (path / "launcher.py").write_text(LAUNCHER, encoding="utf-8")

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @initialize(reads=st.booleans())
    def settle(self, reads: bool) -> None:
        self.project.write("myproject/word.txt", "authors")
        if reads:
            self.project.write("myproject/models.py", READS + self.project.read("myproject/models.py"))
        for command in (*COMMANDS[:2], COMMANDS[0], COMMANDS[0]):
            self.agrees(command)

    # What is edited

    @rule(length=lengths)
    def edit_a_model(self, length: int) -> None:
        text = self.project.read("myproject/models.py")
        self.project.write("myproject/models.py", re.sub(r"String\(\d+\)", f"String({length})", text, count=1))

    @rule(length=lengths)
    def edit_a_model_with_its_times_restored(self, length: int) -> None:
        path = self.project.path / "myproject" / "models.py"
        before = path.stat()
        self.edit_a_model(length)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    @rule(length=lengths)
    def add_a_model(self, length: int) -> None:
        text = self.project.read("myproject/models.py")
        if "class Book" not in text:
            self.project.write("myproject/models.py", text + MODEL.format(name="Book", table="books", length=length))

    @rule()
    def hide_the_models_behind_a_package(self) -> None:
        if (self.project.path / "myproject" / "models.py").exists():
            self.project.write("myproject/models/__init__.py", self.project.read("myproject/models.py"))

    @rule()
    def take_the_package_away(self) -> None:
        shutil.rmtree(self.project.path / "myproject" / "models", ignore_errors=True)

    @rule(word=words)
    def edit_what_the_models_read(self, word: str) -> None:
        self.project.write("myproject/word.txt", word)

    @rule(id=ids, down=st.sampled_from(("0001_initial", *IDS)), message=words)
    def write_a_revision(self, id: str, down: str, message: str) -> None:
        text = REVISION.format(id=id, down=down, message=message, table=f"t{id[3]}")
        self.project.write(f"alembic_database/versions/{id}.py", text)

    @rule(id=st.sampled_from(("0001_initial", *IDS)))
    def edit_a_revision_with_its_times_and_size_restored(self, id: str) -> None:
        path = self.project.versions / f"{id}.py"
        if path.exists():
            before, text = path.stat(), path.read_text(encoding="utf-8")
            path.write_text(text.replace("def downgrade", "def downgradE"), encoding="utf-8")
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    @rule(id=st.sampled_from(("0001_initial", *IDS)))
    def touch_a_revision(self, id: str) -> None:
        path = self.project.versions / f"{id}.py"
        if path.exists():
            os.utime(path)

    @rule(id=ids)
    def delete_a_revision(self, id: str) -> None:
        (self.project.versions / f"{id}.py").unlink(missing_ok=True)

    @rule(id=ids, other=st.sampled_from(("other", *IDS)))
    def rename_a_revision(self, id: str, other: str) -> None:
        path = self.project.versions / f"{id}.py"
        if path.exists():
            path.replace(self.project.versions / f"{other}.py")

    @rule()
    def keep_the_branch(self) -> None:
        self.branch = self.aside / "branch"
        shutil.rmtree(self.branch, ignore_errors=True)
        for name in ("myproject", "alembic_database"):
            shutil.copytree(self.project.path / name, self.branch / name)

    @rule()
    def check_the_branch_out(self) -> None:
        if self.branch is not None:
            for name in ("myproject", "alembic_database"):
                shutil.rmtree(self.project.path / name)
                shutil.copytree(self.branch / name, self.project.path / name)

    @rule(text=st.sampled_from(("SOMETHING = 1\n", "SOMETHING = 2\n", "NAMING_CONVENTION = {}\n")))
    def edit_the_settings(self, text: str) -> None:
        self.project.write("settings.py", self.project.read("settings.py") + text)

    @rule(text=words)
    def edit_env_py(self, text: str) -> None:
        path = "alembic_database/env.py"
        self.project.write(path, f"{self.project.read(path)}\nprint('{text}')\n")

    @rule(value=words)
    def set_a_variable(self, value: str) -> None:
        self.variables["WORD"] = value

    @rule(value=words)
    def write_the_env_file(self, value: str) -> None:
        self.project.write(".env", f"WORD={value}\n")

    @rule(version=st.sampled_from(("", "+")))
    def switch_python(self, version: str) -> None:
        self.version = version

    @rule()
    def go_back(self) -> None:
        self.project.run("rollback", "--no-input", "--accept-data-loss")

    @rule()
    def delete_the_database(self) -> None:
        self.database.unlink(missing_ok=True)

    @rule(sql=st.sampled_from(("DELETE FROM alembic_version", "UPDATE alembic_version SET version_num = 'gone'")))
    def change_what_is_recorded(self, sql: str) -> None:
        with sqlite3.connect(self.database) as connection:
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
                connection.execute(sql)
        connection.close()

    # What happens to the cache

    @rule(at=st.integers(0, 5000), byte=st.integers(0, 255))
    def damage_the_cache(self, at: int, byte: int) -> None:
        for path in self.kept():
            data = bytearray(path.read_bytes())
            if data:
                data[at % len(data)] = byte
                path.write_bytes(data)

    @rule(length=st.integers(0, 200))
    def cut_the_cache(self, length: int) -> None:
        for path in self.kept():
            path.write_bytes(path.read_bytes()[:length])

    @rule()
    def delete_the_cache(self) -> None:
        shutil.rmtree(self.project.path / FOLDER, ignore_errors=True)

    @rule()
    def put_folders_in_its_place(self) -> None:
        for path in list(self.kept()):
            path.unlink()
            path.mkdir()

    @rule(command=st.sampled_from(COMMANDS[:2]))
    def run_two_at_once(self, command: tuple[str, ...]) -> None:
        argv = [sys.executable, "launcher.py", self.version or "", *command]
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

    @rule(command=st.sampled_from(COMMANDS), times=st.integers(1, 2))
    def say_the_same(self, command: tuple[str, ...], times: int) -> None:
        for _ in range(times):
            self.agrees(command)

    def agrees(self, command: tuple[str, ...]) -> None:
        """Run with what is kept, and on a copy of the database with nothing kept: both must say and leave the same."""
        before = self.content()
        with_kept, after = self.run(command), self.state()
        self.ways[with_kept.stderr.split()[-1]] = self.ways.get(with_kept.stderr.split()[-1], 0) + 1
        later = self.content()
        self.put_back(before)
        self.move(self.project.path / FOLDER, self.aside / FOLDER)
        try:
            without = self.run(command)
            assert told(with_kept) == told(without), (command, with_kept, without)
            assert after == self.state()
        finally:
            shutil.rmtree(self.project.path / FOLDER, ignore_errors=True)
            self.move(self.aside / FOLDER, self.project.path / FOLDER)
            self.put_back(later)

    def run(self, command: tuple[str, ...]) -> Result:
        return self.project.launch("launcher.py", self.version, *command, env=self.variables)

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


def test_what_is_kept_makes_no_difference() -> None:
    Project.ways = {}
    run_state_machine_as_test(
        Project,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Project.ways["short"]  # else nothing was shown
