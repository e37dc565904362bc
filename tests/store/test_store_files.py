"""Files named by their content survive every kind of interruption."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from catalogue.errors import CatalogueUnusable
from catalogue.store.files import Files

DATA = b"the very bytes of a picture"
SHA256 = hashlib.sha256(DATA).hexdigest()
NAME = f"images/{SHA256[:2]}/{SHA256}.jpg"


def test_bytes_are_kept_under_the_name_of_their_content(tmp_path: Path) -> None:
    assert Files(tmp_path).put(DATA, SHA256, ".jpg") == NAME
    assert (tmp_path / NAME).read_bytes() == DATA


def test_a_file_in_incoming_is_moved_not_copied(tmp_path: Path) -> None:
    files = Files(tmp_path)
    spooled = files.incoming / "x.part"
    spooled.write_bytes(DATA)

    files.put(spooled, SHA256, ".jpg")

    assert (tmp_path / NAME).read_bytes() == DATA
    assert list(files.incoming.iterdir()) == []


def test_what_is_kept_already_is_not_written_again(tmp_path: Path) -> None:
    files = Files(tmp_path)
    files.put(DATA, SHA256, ".jpg")
    before = (tmp_path / NAME).stat().st_ino
    spooled = files.incoming / "x.part"
    spooled.write_bytes(DATA)

    files.put(spooled, SHA256, ".jpg")

    assert (tmp_path / NAME).stat().st_ino == before
    assert list(files.incoming.iterdir()) == []


def test_a_kept_file_that_was_damaged_is_replaced(tmp_path: Path) -> None:
    files = Files(tmp_path)
    files.put(DATA, SHA256, ".jpg")
    (tmp_path / NAME).write_bytes(DATA.upper())

    files.put(DATA, SHA256, ".jpg")

    assert (tmp_path / NAME).read_bytes() == DATA


class Failing:
    """Lets calls through, and fails the one with a certain number."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self, real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            self.left -= 1
            if self.left == 0:
                raise OSError(5, "Input/output error")
            return real(*arguments, **options)

        return call


@pytest.mark.parametrize("from_file", [False, True])
def test_whichever_operation_fails_no_half_written_file_has_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, from_file: bool
) -> None:
    """Every N-th call of the operating system fails once; then all goes well again."""
    failures = 0
    for number in range(1, 40):
        folder = tmp_path / str(number)
        folder.mkdir()
        files = Files(folder)
        data: bytes | Path = DATA
        if from_file:
            data = files.incoming / "x.part"
            data.write_bytes(DATA)
        failing = Failing(number)
        with monkeypatch.context() as patched:
            for name in ("open", "fsync", "replace", "mkdir", "close"):
                patched.setattr(os, name, failing(getattr(os, name)))
            try:
                files.put(data, SHA256, ".jpg")
            except OSError:
                failures += 1
            else:
                assert failing.left > 0
                break
        kept = folder / NAME
        assert not kept.exists() or kept.read_bytes() == DATA
        assert files.put(DATA, SHA256, ".jpg") == NAME
        assert kept.read_bytes() == DATA
    else:
        pytest.fail("it never succeeded")

    assert failures >= 6


def test_a_write_that_fails_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = Files(tmp_path)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        files.put(DATA, SHA256, ".jpg")

    assert list(files.incoming.iterdir()) == []


def test_the_next_writer_sweeps_what_a_killed_one_left(tmp_path: Path) -> None:
    (tmp_path / "incoming").mkdir()
    (tmp_path / "incoming" / "half.part").write_bytes(b"ha")

    files = Files(tmp_path)
    files.begin_writing()
    files.end_writing()

    assert list((tmp_path / "incoming").iterdir()) == []


def test_nothing_is_swept_while_another_writes(tmp_path: Path) -> None:
    one, other = Files(tmp_path), Files(tmp_path)
    half = one.incoming / "half.part"
    half.write_bytes(b"ha")

    other.begin_writing()

    assert half.exists()
    assert other.unfinished() == []
    one.end_writing()
    other.end_writing()
    assert Files(tmp_path).unfinished() == ["incoming/half.part"]


def test_a_path_of_a_tampered_database_does_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    with (
        pytest.raises(CatalogueUnusable, match="tampered"),
        Files(tmp_path).local("../../etc/passwd"),
    ):
        pass


def test_nothing_is_put_behind_a_link_that_lies_in_a_folders_place(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    folder = tmp_path / "mars"
    (folder / "images").mkdir(parents=True)
    (folder / "images" / SHA256[:2]).symlink_to(elsewhere)

    with pytest.raises(CatalogueUnusable, match="is a link"):
        Files(folder).put(DATA, SHA256, ".jpg")

    assert list(elsewhere.iterdir()) == []


def test_a_link_that_lies_in_a_files_place_is_replaced_and_what_it_leads_to_stays(
    tmp_path: Path,
) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    path = tmp_path / "mars" / NAME
    path.parent.mkdir(parents=True)
    path.symlink_to(victim)

    Files(tmp_path / "mars").put(DATA, SHA256, ".jpg")

    assert (path.is_symlink(), path.read_bytes()) == (False, DATA)
    assert victim.read_bytes() == b"mine"


def test_files_set_aside_keep_their_bytes_and_do_not_overwrite_each_other(tmp_path: Path) -> None:
    files = Files(tmp_path)
    moved = []
    for content in (b"one", b"two"):
        files.put(DATA, SHA256, ".jpg")
        (tmp_path / NAME).write_bytes(content)
        moved.append(files.set_aside(NAME))

    assert [(tmp_path / name).read_bytes() for name in moved] == [b"one", b"two"]
    assert not (tmp_path / NAME).exists()
