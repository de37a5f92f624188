from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bundle.support import (
    BAG,
    JPEG,
    NOW,
    PDF,
    evidence,
    export,
    pack,
    sha256,
    sign_again,
    sign_tags,
    submission,
    unpack,
)
from dgdesk.bundle import bag
from dgdesk.bundle.identity import Identity
from dgdesk.bundle.report import Limits, Verification, printable
from dgdesk.bundle.verify import verify_bundle
from dgdesk.errors import FileError
from dgdesk.messages import Catalogue, load_catalogue
from dgdesk.resources import resource

Files = dict[str, bytes]
SUBMISSION = f"{BAG}/data/submission.json"
E1 = f"{BAG}/data/evidence/E0001.pdf"


@pytest.fixture(scope="session")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> list[Catalogue]:
    folder = tmp_path_factory.mktemp("i18n")
    shutil.copy(resource("i18n/bundle.yaml"), folder)
    return [load_catalogue("th", folder), load_catalogue("en", folder)]


def codes(verdict: Verification) -> list[str]:
    return [problem.code for problem in verdict.problems]


def check(path: Path, signer: Identity) -> Verification:
    return verify_bundle(path, trusted=[signer.certificate_pem])


def test_a_good_bundle_says_who_when_and_what(bundle: Path, signer: Identity) -> None:
    files = unpack(bundle.read_bytes())
    assert check(bundle, signer) == Verification(
        ok=True,
        digest=sha256(files[f"{BAG}/tagmanifest-sha256.txt"]),
        answers_digest=sha256(files[SUBMISSION]),
        signer="สมชาย ใจดี",
        fingerprint=signer.fingerprint,
        claimed_time=NOW,
        draft=False,
        province="น่าน",
        edition="th-province-2568",
    )


def test_without_a_trusted_certificate_the_origin_is_unchecked(bundle: Path) -> None:
    verdict = verify_bundle(bundle, trusted=None)
    assert not verdict.ok and codes(verdict) == ["verify.origin_unchecked"]
    assert verdict.signer == "สมชาย ใจดี" and verdict.province == "น่าน"


def test_a_bundle_by_somebody_else_is_not_the_provinces(tmp_path: Path, signer: Identity, stranger: Identity) -> None:
    target = export(tmp_path / "x.zip", stranger).path
    assert codes(check(target, signer)) == ["signature.untrusted"]
    assert codes(verify_bundle(target, trusted=[])) == ["signature.untrusted"]
    assert verify_bundle(target, trusted=[signer.certificate_pem, stranger.certificate_pem]).ok
    assert verify_bundle(target, trusted=[signer.certificate_pem + stranger.certificate_pem]).ok


def test_files_that_cannot_be_opened_are_errors_not_verdicts(tmp_path: Path, bundle: Path) -> None:
    for path in (tmp_path / "nowhere.zip", tmp_path, Path(os.devnull)):
        with pytest.raises(FileError, match=r"bundle\.missing"):
            verify_bundle(path, trusted=None)
    with pytest.raises(FileError, match=r"identity\.not_certificate"):
        verify_bundle(bundle, trusted=[b"no certificate"])


# --- what anybody on the way can do: the signature does not follow ---------------------------------------------


def _set(name: str, content: bytes) -> Callable[[Files], None]:
    return lambda files: files.__setitem__(f"{BAG}/{name}", content)


def _edit(name: str, old: bytes, new: bytes) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        assert old in files[f"{BAG}/{name}"]
        files[f"{BAG}/{name}"] = files[f"{BAG}/{name}"].replace(old, new)

    return change


def _drop(name: str) -> Callable[[Files], None]:
    return lambda files: files.__delitem__(f"{BAG}/{name}")


def _move(old: str, new: str) -> Callable[[Files], None]:
    return lambda files: files.__setitem__(new, files.pop(f"{BAG}/{old}"))


TAMPERED: list[tuple[str, Callable[[Files], None], list[str]]] = [
    ("an answer changed", _edit("data/submission.json", b'"yes"', b'"nay"'), ["verify.file_changed"]),
    (
        "evidence changed",
        _set("data/evidence/E0001.pdf", PDF[:-1] + b"!"),
        ["verify.file_changed", "verify.evidence_differs"],
    ),
    (
        "evidence cut short",
        _set("data/evidence/E0001.pdf", PDF[:-1]),
        ["verify.oxum", "verify.file_changed", "verify.evidence_differs"],
    ),
    (
        "evidence removed",
        _drop("data/evidence/E0001.pdf"),
        ["verify.oxum", "verify.entry_missing", "verify.evidence_missing"],
    ),
    (
        "evidence added",
        _set("data/evidence/E0009.pdf", PDF),
        ["verify.oxum", "verify.not_listed", "verify.evidence_unlisted"],
    ),
    ("a file added to the payload", _set("data/x.txt", b""), ["verify.oxum", "verify.not_listed"]),
    (
        "the draft mark added",
        _edit("bag-info.txt", b"\nBag-S", b"\nDgdesk-Status: DRAFT\nBag-S"),
        ["verify.file_changed"],
    ),
    ("bagit.txt changed", _edit("bagit.txt", b"1.0", b"0.9"), ["verify.file_changed"]),
    ("manifest changed", _edit("manifest-sha256.txt", b"score", b"scare"), ["verify.file_changed"]),
    (
        "tagmanifest changed",
        _edit("tagmanifest-sha256.txt", b"bagit", b"bugit"),
        ["signature.wrong", "verify.rest_unchecked"],
    ),
    ("tagmanifest emptied", _set("tagmanifest-sha256.txt", b""), ["signature.wrong", "verify.rest_unchecked"]),
    ("tagmanifest removed", _drop("tagmanifest-sha256.txt"), ["verify.entry_missing"]),
    ("signature removed", _drop("signatures/tagmanifest-sha256.txt.p7s"), ["verify.entry_missing"]),
    (
        "signature emptied",
        _set("signatures/tagmanifest-sha256.txt.p7s", b""),
        ["signature.unreadable", "verify.rest_unchecked"],
    ),
    ("signature swollen", _set("signatures/tagmanifest-sha256.txt.p7s", bytes(70_000)), ["zip.too_big"]),
    ("submission removed", _drop("data/submission.json"), ["verify.entry_missing"]),
    ("a second signature", _set("signatures/other.p7s", b"x"), ["verify.unexpected_entry"]),
    ("a weaker manifest", _set("manifest-md5.txt", b""), ["verify.unexpected_entry"]),
    ("files to fetch", _set("fetch.txt", b""), ["verify.unexpected_entry"]),
    ("a note at the top", _set("README.txt", b""), ["verify.unexpected_entry"]),
    ("a second bag", _move("data/score.json", "other/data/score.json"), ["verify.not_one_bag"]),
    ("a file outside", _move("data/score.json", "score.json"), ["verify.not_one_bag"]),
    ("a way out", _move("data/score.json", f"{BAG}/data/../../score.json"), ["verify.bad_name"]),
    ("an absolute path", _move("data/score.json", "/etc/passwd"), ["verify.bad_name"]),
    ("a Windows path", _move("data/score.json", f"{BAG}/data\\score.json"), ["verify.bad_name"]),
    ("a device", _move("data/score.json", f"{BAG}/data/aux.json"), ["verify.bad_name"]),
    ("a folder entry", _set("data/", b""), ["verify.bad_name"]),
    ("a hidden letter", _set("data/evidence/E0001\u200b.pdf", PDF), ["verify.bad_name"]),
    ("another case", _set("data/evidence/e0001.PDF", PDF), ["verify.name_clash"]),
    ("a file for a folder", _set("data/evidence", b""), ["verify.name_clash"]),
]


@pytest.mark.parametrize(("change", "expected"), [row[1:] for row in TAMPERED], ids=[row[0] for row in TAMPERED])
def test_whatever_is_done_on_the_way_is_found(
    bundle: Path, signer: Identity, catalogues: list[Catalogue], change: Callable[[Files], None], expected: list[str]
) -> None:
    files = unpack(bundle.read_bytes())
    change(files)
    bundle.write_bytes(pack(files))
    verdict = check(bundle, signer)
    assert not verdict.ok
    assert codes(verdict) == expected
    for problem in verdict.problems:
        assert all(catalogue.text(problem.code, **problem.values) for catalogue in catalogues)


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
    [(b"", "zip.not_zip"), (b"PK\x03\x04" + bytes(50), "zip.damaged"), (b"%PDF" * 9, "zip.not_zip")],
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
    assert codes(check(path, signer)) in (["zip.not_zip"], ["zip.damaged"])


# --- what a trusted signer's faulty or lying program can do: everything is signed anew -------------------------


def _submission(**changes: object) -> Callable[[Files], None]:
    return lambda files: files.__setitem__(SUBMISSION, submission(**changes).to_bytes())


def _raw(change: Callable[[dict[str, Any]], object]) -> Callable[[Files], None]:
    def edit(files: Files) -> None:
        parsed = json.loads(files[SUBMISSION])
        change(parsed)
        files[SUBMISSION] = json.dumps(parsed).encode()

    return edit


def _with_oxum(change: Callable[[Files], None]) -> Callable[[Files], None]:
    """Change the payload and let bag-info.txt follow."""

    def both(files: Files) -> None:
        change(files)
        sizes = [len(content) for name, content in files.items() if name.startswith(f"{BAG}/data/")]
        oxum = f"Payload-Oxum: {sum(sizes)}.{len(sizes)}"
        name = f"{BAG}/bag-info.txt"
        files[name] = re.sub(rb"Payload-Oxum: \S+", oxum.encode(), files[name])

    return both


LIES: list[tuple[str, Callable[[Files], None], list[str]]] = [
    ("nothing", lambda files: None, []),
    ("wrong oxum", _edit("bag-info.txt", b"Oxum: ", b"Oxum: 1"), ["verify.oxum"]),
    ("no oxum", _edit("bag-info.txt", b"Payload-Oxum", b"Payload-0xum"), ["verify.oxum"]),
    ("two statuses", _edit("bag-info.txt", b"\nBag-S", b"\nDgdesk-Status: FINAL\nBag-S"), ["verify.bag_info"]),
    ("bag-info of Windows", _edit("bag-info.txt", b"\n", b"\r\n"), ["verify.bag_info"]),
    ("another BagIt", _edit("bagit.txt", b"1.0", b"0.97"), ["verify.bagit_txt"]),
    ("evidence nobody names", _with_oxum(_set("data/evidence/E0003.pdf", PDF)), ["verify.evidence_unlisted"]),
    ("evidence missing", _with_oxum(_drop("data/evidence/E0001.pdf")), ["verify.evidence_missing"]),
    ("other evidence", _with_oxum(_set("data/evidence/E0001.pdf", b"?")), ["verify.evidence_differs"]),
    ("definition changed", _with_oxum(_set("data/definition.json", b"{}")), ["verify.definition_differs"]),
    ("definition left out", _with_oxum(_drop("data/definition.json")), []),
    (
        "one file at two places",
        _with_oxum(
            _submission(
                evidence=[evidence(1, PDF, "a.pdf"), evidence(1, PDF, "b.pdf", slot="x"), evidence(2, JPEG, "c.jpg")]
            )
        ),
        [],
    ),
    (
        "one place twice",
        _with_oxum(
            _submission(evidence=[evidence(1, PDF, "a.pdf"), evidence(1, PDF, "b.pdf"), evidence(2, JPEG, "c.jpg")])
        ),
        ["verify.evidence_differs"],
    ),
    ("no JSON", _with_oxum(_set("data/submission.json", b"{")), ["verify.submission_invalid"]),
    ("JSON without end", _with_oxum(_set("data/submission.json", b"[" * 200_000)), ["verify.submission_invalid"]),
    ("a list", _with_oxum(_set("data/submission.json", b"[]")), ["verify.submission_invalid"]),
    (
        "an absurd number",
        _with_oxum(_edit("data/submission.json", b"12.50", b"1e" + b"9" * 30)),
        ["verify.submission_invalid"],
    ),
    ("a key twice", _with_oxum(_edit("data/submission.json", b'"G2"', b'"G1"')), ["verify.submission_invalid"]),
    ("a newer format", _with_oxum(_raw(lambda parsed: parsed.update(format=2))), ["verify.submission_newer"]),
    ("no province", _with_oxum(_raw(lambda parsed: parsed.pop("province"))), ["verify.submission_invalid"]),
    ("more than asked", _with_oxum(_raw(lambda parsed: parsed.update(extra=1))), ["verify.submission_invalid"]),
    (
        "evidence elsewhere",
        _with_oxum(_raw(lambda parsed: parsed["evidence"][0].update(file="../bagit.txt"))),
        ["verify.submission_invalid"],
    ),
]


@pytest.mark.parametrize(("change", "expected"), [row[1:] for row in LIES], ids=[row[0] for row in LIES])
def test_a_signature_does_not_make_nonsense_true(
    bundle: Path, signer: Identity, catalogues: list[Catalogue], change: Callable[[Files], None], expected: list[str]
) -> None:
    files = unpack(bundle.read_bytes())
    change(files)
    bundle.write_bytes(pack(sign_again(files, signer)))
    verdict = check(bundle, signer)
    assert codes(verdict) == expected and verdict.ok is not bool(expected)
    for problem in verdict.problems:
        assert all(catalogue.text(problem.code, **problem.values) for catalogue in catalogues)


def _manifest(change: Callable[[str], str]) -> Callable[[Files], None]:
    return lambda inner: inner.__setitem__(bag.MANIFEST, change(inner[bag.MANIFEST].decode()).encode())


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_manifest(lambda text: text + text), ["verify.manifest_invalid"]),
        (_manifest(lambda text: text.replace("\n", "\r\n")), ["verify.manifest_invalid"]),
        (_manifest(lambda text: text.replace("  data", " *data")), ["verify.manifest_invalid"]),
        (_manifest(lambda text: "".join(reversed(text.splitlines(True)))), ["verify.manifest_invalid"]),
        (_manifest(lambda text: text + f"{'0' * 64}  /etc/passwd\n"), ["verify.manifest_invalid"]),
        (_manifest(lambda text: text + f"{'0' * 64}  data/x\n"), ["verify.entry_missing"]),
        (_manifest(lambda text: text + f"{'0' * 64}  signatures/x\n"), ["verify.entry_missing"]),
        (
            _manifest(lambda text: text.replace("data/score.json", "data/scorf.json")),
            ["verify.not_listed", "verify.entry_missing"],
        ),
        (_manifest(lambda text: ""), ["verify.not_listed"] * 5),
    ],
)
def test_a_signed_manifest_must_be_right_too(
    bundle: Path, signer: Identity, change: Callable[[Files], None], expected: list[str]
) -> None:
    inner = {name.removeprefix(f"{BAG}/"): content for name, content in unpack(bundle.read_bytes()).items()}
    change(inner)
    bundle.write_bytes(pack(sign_tags(inner, signer)))
    assert codes(check(bundle, signer)) == expected


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
    verify_bundle(bundle, trusted=trusted, progress=lambda done, total: steps.append((done, total)))
    assert steps == sorted(steps) and steps[-1][0] == steps[-1][1]

    class Stop(Exception):
        pass

    def stop(done: int, total: int) -> None:
        raise Stop

    with pytest.raises(Stop):
        verify_bundle(bundle, trusted=trusted, progress=stop)


def test_every_code_of_this_room_has_its_sentence_in_both_languages(catalogues: list[Catalogue]) -> None:
    source = "\n".join(path.read_text("utf-8") for path in Path(verify_bundle.__code__.co_filename).parent.glob("*.py"))
    raised = set(re.findall(r'"((?:identity|bundle|zip|signature|verify)\.[a-z_]+)"', source))
    thai, english = catalogues
    assert raised == set(thai.messages)
    for code in raised:
        assert re.search("[ก-๙]", thai.messages[code]["th"]) and not re.search("[ก-๙]", english.messages[code]["en"])
        named = [set(re.findall(r"{(\w+)}", thai.messages[code][language])) for language in ("th", "en")]
        assert named[0] == named[1]


def test_a_verdict_is_a_value(bundle: Path, signer: Identity) -> None:
    assert replace(check(bundle, signer)) == check(bundle, signer)
