"""Writing whole files or nothing."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from localedit_core.atomic import atomic_path, atomic_write
from localedit_core.errors import LocalEditError


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_writes_new_file_and_replaces_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    atomic_write(path, b"one")
    assert path.read_bytes() == b"one"
    atomic_write(path, b"two, longer")
    assert path.read_bytes() == b"two, longer"
    assert names(tmp_path) == ["a.bin"]


def test_temporary_file_is_in_the_same_folder_with_the_same_suffix(tmp_path: Path) -> None:
    with atomic_path(tmp_path / "picture.png") as temporary:
        assert temporary.parent == tmp_path
        assert temporary.suffix == ".png"
        assert temporary.stat().st_size == 0
        assert not (tmp_path / "picture.png").exists()


def test_earlier_file_survives_an_exception_in_the_block(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"precious")

    def write_half() -> None:
        with atomic_path(path) as temporary:
            temporary.write_bytes(b"half")
            raise ValueError("broken off")

    with pytest.raises(ValueError, match="broken off"):
        write_half()
    assert path.read_bytes() == b"precious"
    assert names(tmp_path) == ["a.bin"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EACCES, "no permission"),
        (errno.EROFS, "no permission"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_failure_of_the_disk_names_the_file_and_loses_nothing(
    tmp_path: Path, number: int, words: str
) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"precious")

    def fill() -> None:
        with atomic_path(path) as temporary:
            temporary.write_bytes(b"half")
            raise OSError(number, os.strerror(number))

    with pytest.raises(LocalEditError) as caught:
        fill()
    assert words in caught.value.message
    assert str(path) in caught.value.message
    assert caught.value.hint
    assert path.read_bytes() == b"precious"
    assert names(tmp_path) == ["a.bin"]


def test_failing_replace_leaves_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(LocalEditError, match="no permission"):
        atomic_write(tmp_path / "a.bin", b"x")
    assert names(tmp_path) == []


def test_missing_folder_and_folder_with_the_name(tmp_path: Path) -> None:
    with pytest.raises(LocalEditError, match="does not exist"):
        atomic_write(tmp_path / "nowhere" / "a.bin", b"x")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(LocalEditError, match="does not exist"):
        atomic_write(tmp_path / "file" / "a.bin", b"x")
    (tmp_path / "folder").mkdir()
    with pytest.raises(LocalEditError, match="is a folder"):
        atomic_write(tmp_path / "folder", b"x")
    assert names(tmp_path) == ["file", "folder"]


def test_name_that_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(LocalEditError, match=r"too long"):
        atomic_write(tmp_path / ("n" * 300), b"x")


@pytest.mark.skipif(os.name != "posix", reason="permissions and links of POSIX")
def test_keeps_permissions_and_follows_links(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    path.chmod(0o640)
    link = tmp_path / "link.bin"
    link.symlink_to(path)
    atomic_write(link, b"new")
    assert link.is_symlink()
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_new_file_gets_the_usual_permissions(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    atomic_write(tmp_path / "ours", b"")
    assert (tmp_path / "ours").stat().st_mode == plain.stat().st_mode
