"""Every kind of tampering, by the code that tells it: on the way, and by a signer who lies."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bundle.support import (
    BAG,
    JPEG,
    PDF,
    evidence,
    pack,
    sign_again,
    sign_tags,
    submission,
    unpack,
)
from dgdesk.bundle.archive import bag
from dgdesk.bundle.report import Verification
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.verify import verify_bundle
from dgdesk.text.messages import Catalogue

Files = dict[str, bytes]
SUBMISSION = f"{BAG}/data/submission.json"
E1 = f"{BAG}/data/evidence/E0001.pdf"


def codes(verdict: Verification) -> list[str]:
    return [problem.code for problem in verdict.problems]


def check(path: Path, signer: Identity) -> Verification:
    return verify_bundle(path, trusted=[signer.certificate_pem])


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
    ("a weaker manifest", _set("manifest-md5.txt", b""), ["verify.other_manifest"]),
    ("files to fetch", _set("fetch.txt", b""), ["verify.unexpected_entry"]),
    ("a note at the top", _set("README.txt", b""), ["verify.unexpected_entry"]),
    ("a second bag", _move("data/score.json", "other/data/score.json"), ["verify.not_one_bag"]),
    ("a file outside", _move("data/score.json", "score.json"), ["verify.not_one_bag"]),
    ("a way out", _move("data/score.json", f"{BAG}/data/../../score.json"), ["verify.name_outside"]),
    ("an absolute path", _move("data/score.json", "/etc/passwd"), ["verify.name_outside"]),
    ("a Windows path", _move("data/score.json", f"{BAG}/data\\score.json"), ["verify.name_outside"]),
    ("a device", _move("data/score.json", f"{BAG}/data/aux.json"), ["verify.name_reserved"]),
    ("a folder entry", _set("data/", b""), ["verify.name_folder"]),
    ("a hidden letter", _set("data/evidence/E0001\u200b.pdf", PDF), ["verify.name_hidden"]),
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


# --- what a trusted signer's faulty or lying program can do: everything is signed again ------------------------


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
    ("a newer format", _with_oxum(_raw(lambda parsed: parsed.update(format=99))), ["verify.submission_newer"]),
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
        (_manifest(lambda text: text + f"{'0' * 64}  signatures/x\n"), ["verify.path_outside"]),
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
