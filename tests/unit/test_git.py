"""What git's main branch holds."""

import subprocess

import pytest

from alembic_manage.git import base_of, published_files


class Repository:
    def __init__(self, root):
        self.root = root
        self.folder = root / "versions"
        self.folder.mkdir(parents=True)

    def git(self, *args: str) -> None:
        identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        subprocess.run(["git", *identity, *args], cwd=self.root, check=True, capture_output=True)

    def commit(self, *names: str) -> None:
        for name in names:
            (self.folder / name).write_text("")
            self.git("add", f"versions/{name}")
        self.git("commit", "-m", "x", "--allow-empty")

    @property
    def published(self):
        found = published_files([self.folder])
        return found and (found.branch, sorted(path.name for path in found.files))


@pytest.fixture
def repository(tmp_path):
    made = Repository(tmp_path / "project")
    made.git("init", "-b", "main")
    made.commit("a.py")
    return made


def test_the_files_of_the_main_branch_also_when_another_is_checked_out(repository):
    repository.git("checkout", "-b", "feature")
    repository.commit("b.py")
    assert repository.published == ("main", ["a.py"])


def test_files_that_are_in_no_commit_are_not_published(repository):
    (repository.folder / "b.py").write_text("")
    repository.git("add", "versions/b.py")
    assert repository.published == ("main", ["a.py"])


def test_the_branch_of_the_server_goes_before_the_local_one(repository, tmp_path):
    clone = Repository(tmp_path / "other")
    clone.folder.rmdir()
    clone.root.rmdir()
    subprocess.run(["git", "clone", repository.root, clone.root], check=True, capture_output=True)
    clone.commit("b.py")
    assert clone.published == ("origin/main", ["a.py"])


def test_no_answer_without_a_main_branch(repository):
    repository.git("branch", "-m", "trunk")
    assert repository.published is None


def test_no_answer_outside_of_a_repository(tmp_path):
    assert published_files([tmp_path]) is None


def test_no_answer_without_git(repository, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert repository.published is None


def test_the_variables_of_a_hook_do_not_count(repository, monkeypatch):
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert repository.published == ("main", ["a.py"])


def test_base_is_where_the_branch_left_the_main_one_and_has_the_old_text_of_what_was_edited(repository):
    repository.git("checkout", "-b", "feature")
    repository.commit("b.py")
    repository.git("checkout", "main")
    repository.commit("c.py")
    repository.git("checkout", "feature")
    (repository.folder / "a.py").write_text("x = 1\n")
    base = base_of([repository.folder])
    assert (base.branch, [path.name for path in base.files]) == ("main", ["a.py"])
    assert base.edited == {repository.folder / "a.py": ""}


def test_base_may_be_another_branch(repository):
    repository.git("branch", "develop")
    repository.commit("b.py")
    assert [path.name for path in base_of([repository.folder], "develop").files] == ["a.py"]


def test_there_is_no_base_without_such_a_branch(repository):
    assert base_of([repository.folder], "no-such-branch") is None
