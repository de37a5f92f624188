from __future__ import annotations

import errno
import hashlib
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bundle.support import BAG, JPEG, NOW, PDF, export, info, payload, sha256, submission, unpack
from dgdesk.bundle.archive import bag
from dgdesk.bundle.export import PayloadFile, PayloadSource, export_bundle
from dgdesk.bundle.report import Verification
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.verify import verify_bundle
from dgdesk.errors import CheckFailed, DgdeskError, FileError, UsageError
from dgdesk.system.progress import Cancelled, Progress


def test_a_submission_is_exported_signed_and_verified(thai_path: Path, signer: Identity) -> None:
    target = thai_path / "จังหวัดน่าน.zip"
    report = export(target, signer)
    files = unpack(target.read_bytes())
    assert list(files) == [
        f"{BAG}/{name}"
        for name in (
            "bagit.txt",
            "bag-info.txt",
            "data/definition.json",
            "data/evidence/E0001.pdf",
            "data/evidence/E0002.jpg",
            "data/score.json",
            "data/submission.json",
            "manifest-sha256.txt",
            "tagmanifest-sha256.txt",
            "signatures/tagmanifest-sha256.txt.p7s",
        )
    ]
    assert report.path == target and report.size == target.stat().st_size
    assert report.digest == sha256(files[f"{BAG}/tagmanifest-sha256.txt"])
    assert report.answers_digest == sha256(submission().to_bytes())
    assert files[f"{BAG}/data/evidence/E0002.jpg"] == JPEG
    assert os.listdir(thai_path) == ["จังหวัดน่าน.zip"]
    assert verify_bundle(target, trusted=[signer.certificate_pem]).ok


def test_the_same_input_gives_the_same_bytes_but_for_the_signature(tmp_path: Path, signer: Identity) -> None:
    backwards = dict(reversed(payload().items()))
    first = export(tmp_path / "1.zip", signer)
    second = export(tmp_path / "2.zip", signer, backwards)
    assert first.digest == second.digest
    one, two = (unpack(report.path.read_bytes()) for report in (first, second))
    assert list(one) == list(two)
    assert [name for name in one if one[name] != two[name]] == [f"{BAG}/{bag.SIGNATURE}"]
    # up to the signature the zips themselves are equal, headers and all
    signature = first.path.read_bytes().index(b"/signatures/") - len(BAG) - 30
    assert first.path.read_bytes()[:signature] == second.path.read_bytes()[:signature]


def test_a_draft_says_so(tmp_path: Path, signer: Identity) -> None:
    target = export(tmp_path / "draft.zip", signer, draft=True).path
    assert b"Dgdesk-Status: DRAFT\n" in unpack(target.read_bytes())[f"{BAG}/bag-info.txt"]
    verdict = verify_bundle(target, trusted=[signer.certificate_pem])
    assert verdict.ok and verdict.draft


def test_progress_runs_from_nothing_to_the_end_and_never_back(tmp_path: Path, signer: Identity) -> None:
    steps: list[tuple[int, int]] = []
    export_bundle(
        tmp_path / "x.zip",
        name=BAG,
        payload=payload(),
        info=info(),
        identity=signer,
        claimed_time=NOW,
        progress=Progress(lambda done, total: steps.append((done, total))),
    )
    done = [step for step, _ in steps]
    assert done == sorted(done) and len({total for _, total in steps}) == 1
    assert steps[-1][0] == steps[-1][1]


@pytest.mark.parametrize("after", [0, 3, 9])
def test_stopping_leaves_nothing(tmp_path: Path, signer: Identity, after: int) -> None:
    asked = iter(range(100))
    with pytest.raises(Cancelled, match=r"package\.cancelled"):
        export_bundle(
            tmp_path / "x.zip",
            name=BAG,
            payload=payload(),
            info=info(),
            identity=signer,
            claimed_time=NOW,
            progress=Progress(is_cancelled=lambda: next(asked) >= after),
        )
    assert os.listdir(tmp_path) == []


def test_an_existing_file_is_replaced_only_on_request(tmp_path: Path, signer: Identity) -> None:
    target = tmp_path / "x.zip"
    older = export(target, signer).path.read_bytes()
    with pytest.raises(FileError, match=r"bundle\.exists"):
        export(target, signer)
    assert target.read_bytes() == older
    with pytest.raises(CheckFailed, match=r"bundle\.not_sound"):
        export_bundle(
            target,
            name=BAG,
            payload=payload(**{"evidence/E0003.pdf": PDF}),
            info=info(),
            identity=signer,
            claimed_time=NOW,
            replace=True,
        )
    assert target.read_bytes() == older
    export_bundle(target, name=BAG, payload=payload(), info=info(), identity=signer, claimed_time=NOW, replace=True)
    assert verify_bundle(target, trusted=[signer.certificate_pem]).ok
    assert os.listdir(tmp_path) == ["x.zip"]


def test_what_is_called_as_a_half_made_bundle_is_left_alone(tmp_path: Path, signer: Identity) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"not ours")
    part = tmp_path / "x.zip.part"
    try:
        part.symlink_to(outside)
    except OSError:  # Windows without the right to make links
        part.write_bytes(b"half a bundle")
    export(tmp_path / "x.zip", signer)
    assert outside.read_bytes() == b"not ours"
    assert sorted(os.listdir(tmp_path)) == ["outside", "x.zip", "x.zip.part"]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "target.disk_full"),
        (errno.EDQUOT, "target.disk_full"),
        (errno.EFBIG, "system.too_large"),
        (errno.EROFS, "target.read_only"),
        (errno.EACCES, "target.forbidden"),
        (errno.EIO, "target.broken"),
    ],
)
@pytest.mark.parametrize("call", ["fsync", "link"])
def test_a_disk_that_refuses_leaves_nothing(
    tmp_path: Path, signer: Identity, monkeypatch: pytest.MonkeyPatch, number: int, code: str, call: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch, pytest.raises(FileError) as caught:
        patch.setattr(os, call, refuse)
        export(tmp_path / "x.zip", signer)
    assert caught.value.code == code
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("place", [0, 42, 700, 3_000, -1])
def test_a_disk_that_wrote_something_else_is_found_out(
    tmp_path: Path, signer: Identity, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    def spoil_and_verify(path: Path, **options: Any) -> Verification:
        content = bytearray(path.read_bytes())
        content[place] ^= 0xFF
        path.write_bytes(content)
        return verify_bundle(path, **options)

    # Spoilt before the file is read back: the disk is waited for at the same time, so a fault there would be a race.
    with monkeypatch.context() as patch, pytest.raises(CheckFailed, match=r"bundle\.not_sound"):
        patch.setattr("dgdesk.bundle.export.verify_bundle", spoil_and_verify)
        export(tmp_path / "x.zip", signer)
    assert os.listdir(tmp_path) == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path, signer: Identity) -> None:
    with pytest.raises(FileError, match=r"bundle\.no_folder"):
        export(tmp_path / "nowhere" / "x.zip", signer)


def _broken() -> Iterator[bytes]:
    yield JPEG[:100]
    raise OSError(errno.EIO, "gone")


def _damaged() -> Iterator[bytes]:
    raise FileError("package.damaged")
    yield b""


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (PayloadFile(len(JPEG), lambda: iter([JPEG[:-1]])), "bundle.source_changed"),
        (PayloadFile(len(JPEG), lambda: iter([JPEG, b"more"])), "bundle.source_changed"),
        (PayloadFile(len(JPEG), _broken), "bundle.source_unreadable"),
        (PayloadFile(len(JPEG), _damaged), "package.damaged"),
    ],
)
def test_evidence_that_cannot_be_read_stops_the_export(
    tmp_path: Path, signer: Identity, source: PayloadSource, code: str
) -> None:
    with pytest.raises(FileError) as caught:
        export(tmp_path / "x.zip", signer, payload(**{"evidence/E0002.jpg": source}))
    assert caught.value.code == code
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"../x": b""}, "bundle.bad_name"),
        ({"a\\b": b""}, "bundle.bad_name"),
        ({"Evidence/x": b""}, "bundle.bad_name"),
        ({"submission.json/x": b""}, "bundle.bad_name"),
    ],
)
def test_names_that_cannot_be_unpacked_everywhere_are_not_written(
    tmp_path: Path, signer: Identity, changes: Mapping[str, PayloadSource], code: str
) -> None:
    with pytest.raises(UsageError) as caught:
        export(tmp_path / "x.zip", signer, payload(**changes))
    assert caught.value.code == code


def test_what_makes_no_bundle_is_wrong_use(tmp_path: Path, signer: Identity) -> None:
    def attempt(**changes: object) -> str:
        values = {
            "name": BAG,
            "payload": payload(),
            "info": info(),
            "identity": signer,
            "claimed_time": NOW,
        } | changes
        with pytest.raises(DgdeskError) as caught:
            export_bundle(tmp_path / "x.zip", **values)
        assert os.listdir(tmp_path) == []
        return caught.value.code

    assert attempt(name="a/b") == "bundle.bad_name"
    assert attempt(payload={"score.json": b"{}"}) == "bundle.no_submission"
    assert attempt(info=bag.BagInfo("a\nb", "x", info().bagging_date)) == "bundle.bad_info"
    assert attempt(claimed_time=NOW + timedelta(days=9000)) == "identity.expired"


def test_who_knows_a_file_hears_its_digest_and_may_refuse_it(tmp_path: Path, signer: Identity) -> None:
    heard: list[str] = []

    def source(check: Callable[[str], None]) -> dict[str, PayloadSource]:
        return payload(**{"evidence/E0002.jpg": PayloadFile(len(JPEG), lambda: iter([JPEG]), check)})

    def refuse(digest: str) -> None:
        raise FileError("export.evidence_damaged", name="x", places="1")

    assert verify_bundle(
        export(tmp_path / "x.zip", signer, source(heard.append)).path, trusted=[signer.certificate_pem]
    ).ok
    assert heard == [sha256(JPEG)]
    with pytest.raises(FileError, match=r"export\.evidence_damaged"):
        export(tmp_path / "y.zip", signer, source(refuse))
    assert os.listdir(tmp_path) == ["x.zip"]


def test_a_large_file_is_never_held_whole(tmp_path: Path, signer: Identity) -> None:
    """A few chunks wait for their digest on the other thread; memory does not grow with the file."""
    alive = 0
    most = 0

    class Chunk(bytes):
        def __new__(cls, content: bytes) -> Chunk:
            nonlocal alive, most
            alive += 1
            most = max(most, alive)
            return super().__new__(cls, content)

        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    def chunks() -> Iterator[bytes]:
        for _ in range(40):
            yield Chunk(bytes(1 << 16))

    source = PayloadFile(40 << 16, chunks)
    export(tmp_path / "x.zip", signer, payload(**{"survey.pdf": source}))
    assert most <= 8
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        digest = hashlib.sha256(archive.read(f"{BAG}/data/survey.pdf")).hexdigest()
    assert digest == sha256(bytes(40 << 16))
