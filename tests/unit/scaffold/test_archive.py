"""Archives: good ones, and those made to do harm."""

import io
import re
import tarfile
import zipfile

import pytest

from alembic_manage import CommandError
from alembic_manage.scaffold.template import File, read_template, rendered

FILES = {"manage.py": b"# {{ project_name }}", "project_name/models.py": b"1"}


def pack(path, files, link=None):
    """An archive of the kind that the suffix of `path` names."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
            if link:
                member = zipfile.ZipInfo(link)
                member.external_attr = 0o120777 << 16
                archive.writestr(member, "/etc/passwd")
        return path
    with tarfile.open(path, "w:" + {".tar": "", ".tgz": "gz"}.get(path.suffix, path.suffix[1:])) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        if link:
            member = tarfile.TarInfo(link)
            member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(member)
    return path


SUFFIXES = [".zip", ".tar", ".tgz", ".tar.bz2", ".tar.xz"]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("folder", ["", "./", "template-1.0/"])
def test_an_archive_is_read_whether_or_not_a_folder_is_around_it(tmp_path, suffix, folder):
    packed = {f"{folder}{name}": content for name, content in FILES.items()}
    assert read_template(pack(tmp_path / f"a{suffix}", packed)) == [File(*item) for item in FILES.items()]


@pytest.mark.parametrize("suffix", [".zip", ".tar"])
@pytest.mark.parametrize("name", ["../evil", "/tmp/evil", "a/../../evil", "..\\evil"])
def test_an_archive_that_points_outside_is_refused(tmp_path, suffix, name):
    files = read_template(pack(tmp_path / f"a{suffix}", {**FILES, name: b"x"}))
    with pytest.raises(CommandError, match="would lie outside of the project"):
        rendered(files, "shop", {})


@pytest.mark.parametrize("suffix", [".zip", ".tar"])
def test_an_archive_with_nothing_but_a_way_outside_is_refused(tmp_path, suffix):
    files = read_template(pack(tmp_path / f"a{suffix}", {"../evil": b"x"}))
    with pytest.raises(CommandError, match="would lie outside of the project"):
        rendered(files, "shop", {})


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_link_in_an_archive_is_refused(tmp_path, suffix):
    with pytest.raises(CommandError, match="neither a file nor a folder: link"):
        read_template(pack(tmp_path / f"a{suffix}", FILES, link="link"))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_damaged_archive_is_one_line(tmp_path, suffix):
    path = pack(tmp_path / f"a{suffix}", {"big": bytes(range(256)) * 400})
    content = path.read_bytes()
    middle = len(content) // 2
    # The end of a zip is what tells that it is one, so its middle is damaged; the others are cut off.
    path.write_bytes(content[:middle] + b"!" * 40 + content[middle + 40 :] if suffix == ".zip" else content[:middle])
    with pytest.raises(CommandError) as caught:
        read_template(path)
    # Of bz2 not even the beginning can be read then.
    assert re.match(rf"The (archive|template) {path} (cannot be read: |is neither a folder nor )", str(caught.value))
    assert "\n" not in str(caught.value)
