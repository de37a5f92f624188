"""Unpacking a verified bundle: all or nothing, never outside, never over anything."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from bundle.support import BAG, export, payload, unpack
from dgdesk.bundle import extract
from dgdesk.bundle.extract import extract_bundle
from dgdesk.bundle.signing.identity import Identity
from dgdesk.errors import FileError
from dgdesk.system.progress import Progress


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "รับแล้ว"
    place.mkdir()
    return place


def test_a_verified_bundle_is_unpacked_as_it_was_packed(bundle: Path, signer: Identity, folder: Path) -> None:
    verdict, place = extract_bundle(bundle, folder, trusted=[signer.certificate_pem])
    assert verdict.ok and place == folder / BAG
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert found == unpack(bundle.read_bytes())
    assert os.listdir(folder) == [BAG]


def test_of_an_unknown_signer_nothing_is_unpacked(bundle: Path, stranger: Identity, folder: Path) -> None:
    for trusted in ([stranger.certificate_pem], None):
        verdict, place = extract_bundle(bundle, folder, trusted=trusted)
        assert not verdict.ok and place is None and os.listdir(folder) == []


def test_nothing_is_written_over(bundle: Path, signer: Identity, folder: Path, tmp_path: Path) -> None:
    trusted = [signer.certificate_pem]
    (folder / BAG).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileError, match=r"extract\.exists"):
        extract_bundle(bundle, folder, trusted=trusted)
    assert not (tmp_path / "elsewhere").exists() and os.listdir(folder) == [BAG]
    with pytest.raises(FileError, match=r"extract\.no_folder"):
        extract_bundle(bundle, folder / "none", trusted=trusted)


def test_a_full_disk_leaves_nothing(
    bundle: Path, signer: Identity, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = 0

    def fsync(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls == 5:
            raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(extract.os, "fsync", fsync)
    with pytest.raises(FileError, match=r"extract\.not_written"):
        extract_bundle(bundle, folder, trusted=[signer.certificate_pem])
    assert os.listdir(folder) == []


def test_a_file_that_changes_after_the_check_is_found_out(signer: Identity, folder: Path, tmp_path: Path) -> None:
    bundle = export(
        tmp_path / "x.zip", signer, payload(**{"survey.pdf": bytes(9 << 20)})
    ).path  # more than is read at once
    content = bundle.read_bytes()

    def change(done: int, total: int) -> None:
        if done * 2 == total:  # all is checked, nothing is unpacked
            with bundle.open("r+b") as stream:
                stream.seek(content.index(bytes(1 << 20)) + (1 << 20))
                stream.write(b"EVIDENCE")

    with pytest.raises(FileError, match=r"extract\.changed"):
        extract_bundle(bundle, folder, trusted=[signer.certificate_pem], progress=Progress(change))
    assert os.listdir(folder) == []


def test_stopping_leaves_nothing(bundle: Path, signer: Identity, folder: Path) -> None:
    class Stop(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done > total * 3 // 4:
            raise Stop

    with pytest.raises(Stop):
        extract_bundle(bundle, folder, trusted=[signer.certificate_pem], progress=Progress(stop))
    assert os.listdir(folder) == []
