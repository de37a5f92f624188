from __future__ import annotations

import errno
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from bundle.support import (
    BAG,
    NOW,
    export,
    pack,
    sha256,
    unpack,
)
from bundle.test_signing import certify
from dgdesk.bundle.report import Limits, Verification, printable
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.verify import verify_bundle
from dgdesk.errors import FileError
from dgdesk.system.progress import Progress
from dgdesk.text.messages import Catalogue, load_catalogue

Files = dict[str, bytes]
SUBMISSION = f"{BAG}/data/submission.json"
E1 = f"{BAG}/data/evidence/E0001.pdf"


def codes(verdict: Verification) -> list[str]:
    return [problem.code for problem in verdict.problems]


def check(path: Path, signer: Identity) -> Verification:
    return verify_bundle(path, trusted=[signer.certificate_pem])


def test_a_good_bundle_says_who_when_and_what(bundle: Path, signer: Identity) -> None:
    files = unpack(bundle.read_bytes())
    found = check(bundle, signer)
    assert found.signed_by is not None
    assert (found.signed_by.name, found.signed_by.organisation) == ("สมชาย ใจดี", "จังหวัดน่าน")
    assert (found.signed_by.trust, found.signed_by.method) == ("enrolled", "ECDSA secp256r1")
    assert [one.code for one in found.warnings] == ["verify.not_bound"]
    assert found == Verification(
        warnings=found.warnings,
        signed_by=found.signed_by,
        complete=True,
        files=5,
        size=sum(len(content) for name, content in files.items() if name.startswith(f"{BAG}/data/")),
        evidence=2,
        ok=True,
        digest=sha256(files[f"{BAG}/tagmanifest-sha256.txt"]),
        answers_digest=sha256(files[SUBMISSION]),
        signer="สมชาย ใจดี",
        fingerprint=signer.fingerprint,
        claimed_time=NOW,
        draft=False,
        respondent="น่าน",
        edition="th-province-2568",
        unsent_files=0,
        unsent_answers=0,
    )


def test_without_a_trusted_certificate_the_origin_is_unchecked(bundle: Path) -> None:
    verdict = verify_bundle(bundle, trusted=None)
    assert not verdict.ok and codes(verdict) == ["verify.origin_unchecked"]
    assert verdict.signer == "สมชาย ใจดี" and verdict.respondent == "น่าน"


def test_a_bundle_by_somebody_else_is_not_the_provinces(tmp_path: Path, signer: Identity, stranger: Identity) -> None:
    target = export(tmp_path / "x.zip", stranger).path
    assert codes(check(target, signer)) == ["signature.untrusted"]
    assert codes(verify_bundle(target, trusted=[])) == ["signature.untrusted"]
    assert verify_bundle(target, trusted=[signer.certificate_pem, stranger.certificate_pem]).ok
    assert verify_bundle(target, trusted=[signer.certificate_pem + stranger.certificate_pem]).ok


def test_files_that_cannot_be_opened_are_errors_not_verdicts(tmp_path: Path, bundle: Path) -> None:
    dead, pipe, loop = (tmp_path / name for name in ("dead.zip", "pipe.zip", "loop.zip"))
    dead.symlink_to(tmp_path / "nowhere.zip")
    loop.symlink_to(loop)
    os.mkfifo(pipe)
    for path, code in (
        (tmp_path / "nowhere.zip", "bundle.missing"),
        (bundle / "x.zip", "bundle.missing"),
        (tmp_path, "source.folder"),
        (Path(os.devnull), "source.device"),
        (pipe, "source.device"),
        (dead, "source.dead_link"),
        (loop, "source.dead_link"),
    ):
        with pytest.raises(FileError) as caught:
            verify_bundle(path, trusted=None)
        assert caught.value.code == code, path


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.EACCES, "source.forbidden"),
        (errno.EIO, "source.broken"),
        (errno.ENODEV, "system.unreachable"),
        (errno.EBUSY, "source.held"),
        (errno.EMFILE, "bundle.unreadable"),
    ],
)
def test_why_a_file_could_not_be_read_is_said(
    bundle: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    def refuse(path: Path, *_: object) -> object:
        raise OSError(number, "refused", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refuse)
        with pytest.raises(FileError) as caught:
            verify_bundle(bundle, trusted=None)
    assert caught.value.code == code
    assert bundle.name in load_catalogue("th").error(caught.value)


def test_a_certificate_that_is_none_is_an_error(bundle: Path) -> None:
    with pytest.raises(FileError, match=r"identity\.not_certificate"):
        verify_bundle(bundle, trusted=[b"no certificate"])


def test_thai_written_in_two_ways_is_one_name(bundle: Path, signer: Identity) -> None:
    files = unpack(bundle.read_bytes())
    files[f"{BAG}/data/น้ำ"] = files[f"{BAG}/data/น\u0e49\u0e4d\u0e32"] = b""
    bundle.write_bytes(pack(files))
    assert codes(check(bundle, signer)) == ["verify.name_clash"]


def test_two_entries_of_one_name_are_refused(bundle: Path, signer: Identity) -> None:
    files = unpack(bundle.read_bytes())
    files["nan-2569/data/scorE.json"] = b"{}"
    bundle.write_bytes(pack(files).replace(b"scorE", b"score"))
    assert codes(check(bundle, signer)) == ["verify.name_clash"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "zip.empty"),
        (b"PK\x03\x04" + bytes(50), "zip.cut_short"),
        (b"%PDF-" * 9, "zip.not_zip"),
        (b"404 Not Found", "zip.is_text"),
    ],
)
def test_what_is_no_bundle_at_all_is_told(bundle: Path, signer: Identity, content: bytes, code: str) -> None:
    bundle.write_bytes(content)
    assert check(bundle, signer).problems and codes(check(bundle, signer)) == [code]


@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_no_bit_of_a_bundle_can_be_changed(
    good: bytes, signer: Identity, tmp_path_factory: pytest.TempPathFactory, where: float, bit: int
) -> None:
    changed = bytearray(good)
    changed[int(where * len(good))] ^= 1 << bit
    path = tmp_path_factory.getbasetemp() / "flipped.zip"
    path.write_bytes(changed)
    verdict = check(path, signer)
    assert not verdict.ok and verdict.problems


@given(st.floats(0, 1, exclude_max=True))
def test_a_bundle_cut_short_is_never_ok(
    good: bytes, signer: Identity, tmp_path_factory: pytest.TempPathFactory, where: float
) -> None:
    path = tmp_path_factory.getbasetemp() / "cut.zip"
    path.write_bytes(good[: int(where * len(good))])
    assert codes(check(path, signer)) in (["zip.empty"], ["zip.not_zip"], ["zip.cut_short"])


# --- limits, and what people get to read ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(entries=9), "zip.too_many"),
        (Limits(directory=500), "zip.too_many"),
        (Limits(tag_file=100), "zip.too_big"),
        (Limits(signature=100), "zip.too_big"),
        (Limits(submission=100), "zip.too_big"),
    ],
)
def test_what_a_stranger_may_make_us_hold_is_bounded(
    bundle: Path, signer: Identity, catalogues: list[Catalogue], limits: Limits, code: str
) -> None:
    verdict = verify_bundle(bundle, trusted=[signer.certificate_pem], limits=limits)
    assert codes(verdict) == [code] and not verdict.ok
    assert catalogues[0].text(code, **verdict.problems[0].values)


def test_a_thousand_problems_are_not_all_told(bundle: Path, signer: Identity) -> None:
    files = unpack(bundle.read_bytes())
    files |= {f"{BAG}/data/x{number}": b"" for number in range(1000)}
    bundle.write_bytes(pack(files))
    verdict = check(bundle, signer)
    assert len(verdict.problems) == Limits().problems and not verdict.ok


def test_a_strangers_text_cannot_play_with_the_screen() -> None:
    assert printable("a\x1b[31m\u202eb\n") == "a\\u{1b}[31m\\u{202e}b\\u{a}"
    assert printable("น้ำ") == "น้ำ"
    assert printable("x" * 500) == "x" * 120 + "…"


def test_progress_counts_the_payload_and_may_stop_the_check(bundle: Path, signer: Identity) -> None:
    steps: list[tuple[int, int]] = []
    trusted = [signer.certificate_pem]
    verify_bundle(bundle, trusted=trusted, progress=Progress(lambda done, total: steps.append((done, total))))
    assert steps == sorted(steps) and steps[-1][0] == steps[-1][1]

    class Stop(Exception):
        pass

    def stop(done: int, total: int) -> None:
        raise Stop

    with pytest.raises(Stop):
        verify_bundle(bundle, trusted=trusted, progress=Progress(stop))


def test_every_code_about_bundles_has_its_sentence_in_both_languages(catalogues: list[Catalogue]) -> None:
    folder = Path(verify_bundle.__code__.co_filename).parent
    writer = folder.parent / "system" / "atomic.py"
    source = "\n".join(
        path.read_text("utf-8")
        for path in (
            writer,
            folder.parent / "cli" / "agency.py",
            *folder.rglob("*.py"),
            *(folder.parent / "agency").rglob("*.py"),
        )
    )
    areas = ("bundle", "zip", "signature", "verify")
    raised = set(re.findall(rf'"((?:{"|".join(areas)})\.[a-z0-9_]+)"', source))
    thai, english = catalogues
    assert raised == {code for code in thai.messages if code.startswith(tuple(f"{area}." for area in areas))}
    for code in raised:
        assert re.search("[ก-๙]", thai.messages[code]["th"]) and not re.search("[ก-๙]", english.messages[code]["en"])
        named = [set(re.findall(r"{(\w+)}", thai.messages[code][language])) for language in ("th", "en")]
        assert named[0] == named[1]


def test_a_verdict_is_a_value(bundle: Path, signer: Identity) -> None:
    assert replace(check(bundle, signer)) == check(bundle, signer)


def test_a_chain_from_a_ca_is_trusted_by_its_root_alone(tmp_path: Path, signer: Identity) -> None:
    root_key, middle_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    root = certify(root_key, "Root", ca=True)
    middle = certify(middle_key, "Middle", by=(root_key, root), ca=True)
    person = certify(key, "สมหญิง", by=(middle_key, middle))
    path = export(tmp_path / "x.zip", Identity(person, True, chain=(middle,), key=key)).path

    def pem(certificate: x509.Certificate) -> bytes:
        return certificate.public_bytes(Encoding.PEM)

    for anchors in ([pem(root)], [signer.certificate_pem, pem(root)], [signer.certificate_pem + pem(root)]):
        found = verify_bundle(path, trusted=anchors)
        assert found.ok and found.signed_by is not None
        assert (found.signed_by.trust, found.signed_by.issuer) == ("authority", "CN=Middle")
    other = certify(middle_key, "Root", ca=True)
    for anchors, code in (
        ([signer.certificate_pem], "signature.untrusted"),
        ([pem(other)], "signature.issuer_missing"),
        ([], "signature.untrusted"),
    ):
        assert codes(verify_bundle(path, trusted=anchors)) == [code]
