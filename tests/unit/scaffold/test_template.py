"""Templates: what is read, and how places are filled."""

from pathlib import Path

import pytest

from alembic_manage import CommandError
from alembic_manage.scaffold.template import File, read_template, render, rendered

VALUES = {"project_name": "shop", "database_url": "sqlite://"}


def test_places_are_filled_with_or_without_blanks():
    assert render("{{ project_name }} {{project_name}} {{  database_url }}", VALUES) == "shop shop sqlite://"


@pytest.mark.parametrize("text", ["{{ matrix.python }}", "{{ other }}", "{ project_name }", "{% if project_name %}"])
def test_what_is_no_place_of_ours_stays(text):
    assert render(text, VALUES) == text


def test_names_and_contents_are_filled_and_the_suffix_goes():
    files = [File("project_name/project_name.py-tpl", b"# {{ project_name }}\r\n")]
    assert rendered(files, "shop", VALUES) == [File("shop/shop.py", b"# shop\r\n")]


def test_what_is_no_text_stays():
    content = b"\xff\xfe{{ project_name }}"
    assert rendered([File("logo.png", content)], "shop", VALUES) == [File("logo.png", content)]


@pytest.mark.parametrize(
    "path",
    ["../x", "a/../../x", "/etc/x", "..-tpl", "a/..-tpl", "-tpl", "a\\..\\x", "C:/x", "C:x", "a//x"],
)
def test_a_file_outside_of_the_project_is_refused(path):
    with pytest.raises(CommandError, match="would lie outside of the project"):
        rendered([File(path, b"")], "shop", VALUES)


def test_two_files_of_the_same_path_are_refused():
    with pytest.raises(CommandError, match=r"two files that would both become a\.py"):
        rendered([File("a.py", b"1"), File("a.py-tpl", b"2")], "shop", VALUES)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A template with what version control and editors leave behind."""
    for name in ("a.py", ".env", ".github/ci.yml", ".git/config", "b/__pycache__/a.pyc", "old.pyc", "b/.DS_Store"):
        path = tmp_path / "template" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    return tmp_path / "template"


def test_a_folder_is_read_without_caches_and_version_control(folder):
    assert [file.path for file in read_template(folder)] == [".env", ".github/ci.yml", "a.py"]


def test_a_link_to_a_file_is_the_file(folder):
    (folder / "c.py").symlink_to(folder / "a.py")
    assert File("c.py", b"a.py") in read_template(folder)


def test_a_link_to_a_folder_is_refused(folder):
    (folder / "etc").symlink_to("/etc")
    with pytest.raises(CommandError, match=r"etc is a link to a folder"):
        read_template(folder)


def test_a_link_to_nothing_is_refused(folder):
    (folder / "gone").symlink_to(folder / "nowhere")
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        read_template(folder)


def test_what_is_no_template_is_named(tmp_path):
    (tmp_path / "text").write_text("text", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    for name, reason in (("gone", "is not there"), ("text", "is neither"), ("empty", "has no files")):
        with pytest.raises(CommandError, match=f"{name} {reason}"):
            read_template(tmp_path / name)
