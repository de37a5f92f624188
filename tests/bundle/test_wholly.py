"""Files that take their name only once they are whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bundle.support import code_of
from dgdesk.bundle.wholly import made_whole, write_whole
from dgdesk.errors import FileError


def test_a_file_takes_its_name_when_the_work_on_it_is_done(tmp_path: Path) -> None:
    target = tmp_path / "น่าน.zip"
    with made_whole(target) as part:
        assert not part.exists() and not target.exists()
        part.write_bytes(b"whole")
    assert target.read_bytes() == b"whole" and os.listdir(tmp_path) == [target.name]


def test_what_is_called_as_a_half_made_file_belongs_to_somebody_else(tmp_path: Path) -> None:
    other = tmp_path / "น่าน.zip.part"
    other.write_bytes(b"of another program")
    write_whole(tmp_path / "น่าน.zip", b"whole")
    with pytest.raises(ValueError), made_whole(tmp_path / "น่าน.zip", replace=True) as part:
        part.write_bytes(b"half")
        raise ValueError
    assert other.read_bytes() == b"of another program" and len(os.listdir(tmp_path)) == 2


@pytest.mark.parametrize("error", [OSError(5, "I/O"), FileError("export.evidence_damaged"), KeyboardInterrupt()])
def test_whatever_goes_wrong_nothing_is_left_and_the_old_file_stays(tmp_path: Path, error: BaseException) -> None:
    target = tmp_path / "x.zip"
    target.write_bytes(b"older work")
    with pytest.raises((FileError, KeyboardInterrupt)) as caught, made_whole(target, replace=True) as part:
        part.write_bytes(b"half")
        raise error
    assert caught.value is error or caught.value.code == "bundle.not_written"
    assert target.read_bytes() == b"older work" and os.listdir(tmp_path) == ["x.zip"]


def test_an_existing_file_is_replaced_only_on_request(tmp_path: Path) -> None:
    target = tmp_path / "x"
    write_whole(target, b"one")
    assert code_of(write_whole, target, b"two") == "bundle.exists" and target.read_bytes() == b"one"
    write_whole(target, b"two", replace=True)
    assert target.read_bytes() == b"two"


def test_who_writes_may_say_himself_what_went_wrong(tmp_path: Path) -> None:
    def explain(error: OSError, path: Path) -> FileError:
        return FileError("cli.unwritable", name=path.name)

    assert code_of(write_whole, tmp_path / "no" / "x", b"one", explain=explain) == "cli.unwritable"
    assert code_of(write_whole, tmp_path / "no" / "x", b"one") == "bundle.no_folder"


def test_what_does_not_read_back_gets_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def spoil(descriptor: int) -> None:
        os.truncate(descriptor, 1)
        real(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", spoil)
        assert code_of(write_whole, tmp_path / "x", b"whole") == "bundle.not_written"
    assert os.listdir(tmp_path) == []
