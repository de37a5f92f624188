"""An edition pack is a signed bag; nothing of it is read as a survey unless its signer is trusted and its files fit."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bundle.support import code_of
from dgdesk.bundle.signing.identity import Identity
from dgdesk.editions.contents import SCHEMA_FILE, describe, edition_schema
from dgdesk.editions.pack import PackVerdict, build_pack, check_pack
from dgdesk.resources import resource
from editions.making import DEPARTMENTS, NOW, copy_of, forged, members, pack_of, payload_of

ROOT = Path(__file__).parents[2]


def codes(verdict: PackVerdict) -> list[str]:
    return [problem.code for problem in verdict.problems]


def test_what_is_built_holds_and_says_what_it_is(departments: Path, signer: Identity) -> None:
    verdict = check_pack(departments, [signer.certificate])
    assert verdict.ok and not verdict.problems and verdict.edition == describe(DEPARTMENTS)[0]
    edition = verdict.edition
    assert edition is not None
    assert (edition.id, edition.version, edition.year) == ("th-department-2569", 1, "2569")
    assert edition.closes == "2027-03-31" and edition.respondent.scheme == "th-department"
    assert {one.path for one in edition.files} == {path.name for path in DEPARTMENTS.glob("*.yaml")}


def test_the_same_edition_gives_the_same_bytes_apart_from_the_signature(
    departments: Path, signer: Identity, tmp_path: Path
) -> None:
    again = pack_of(DEPARTMENTS, tmp_path / "again.dgedition", signer)
    one, two = members(departments), members(again)
    differing = {name.partition("/")[2] for name in one.keys() | two.keys() if one.get(name) != two.get(name)}
    assert differing <= {"signatures/tagmanifest-sha256.txt.p7s"}


def test_public_tools_read_it(departments: Path, signer: Identity, tmp_path: Path) -> None:
    """openssl and the tool of the Library of Congress, as for a bundle."""
    with zipfile.ZipFile(departments) as archive:
        archive.extractall(tmp_path)
    (bag,) = (path for path in tmp_path.iterdir() if path.is_dir())
    certificate = tmp_path / "signer.pem"
    certificate.write_bytes(signer.certificate_pem)
    command = [
        "openssl",
        "cms",
        "-verify",
        "-cades",
        "-binary",
        "-inform",
        "DER",
        "-no-CApath",
        "-no-CAstore",
        "-purpose",
        "any",
        "-out",
        "/dev/null",
    ]
    files = {
        "-in": bag / "signatures/tagmanifest-sha256.txt.p7s",
        "-content": bag / "tagmanifest-sha256.txt",
        "-CAfile": certificate,
    }
    for option, path in files.items():
        command += [option, str(path)]
    checked = subprocess.run(command, capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr
    subprocess.run([sys.executable, "-m", "bagit", "--validate", str(bag)], check=True, capture_output=True)


def test_the_shipped_edition_can_be_a_pack_too(signer: Identity, tmp_path: Path) -> None:
    pack = pack_of(resource("questionnaires/th-province-2568"), tmp_path / "p.dgedition", signer, version=7)
    verdict = check_pack(pack, [signer.certificate])
    assert verdict.ok and verdict.edition is not None and verdict.edition.version == 7


def test_a_stranger_is_refused_and_his_files_are_not_parsed(
    departments: Path, signer: Identity, stranger: Identity, tmp_path: Path
) -> None:
    deep = {**payload_of(departments), "d1.yaml": b"[" * 100_000}
    pack = forged(tmp_path / "x.dgedition", deep, stranger)
    assert codes(check_pack(pack, [signer.certificate]))[0] == "signature.untrusted"
    assert codes(check_pack(departments, [])) == ["signature.untrusted"]


def _changed(name: str, content: bytes) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda payload: {**payload, name: content}


def _head(**changes: object) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    def change(payload: dict[str, bytes]) -> dict[str, bytes]:
        head = json.loads(payload["edition.json"]) | changes
        return {**payload, "edition.json": json.dumps(head, ensure_ascii=False).encode()}

    return change


def _without(name: str) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda payload: {one: content for one, content in payload.items() if one != name}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_changed("d1.yaml", b"id: d1\n"), "verify.file_changed"),
        (_changed("more.yaml", b"a: b\n"), "verify.not_listed"),
        (_changed("program.exe", b"MZ"), "verify.unexpected_entry"),
        (_changed("deep/d1.yaml", b""), "verify.unexpected_entry"),
        (_changed("edition.json", b"{"), "edition.invalid"),
        (_changed("edition.json", b"[" * 50_000), "edition.invalid"),
        (_changed("edition.json", b"{}"), "edition.invalid"),
        (_head(format=2), "edition.newer_format"),
        (_head(format=True), "edition.invalid"),
        (_head(surprise=1), "edition.invalid"),
        (_head(version=0), "edition.invalid"),
        (_head(version="2"), "edition.invalid"),
        (_head(program="99.0.0"), "edition.needs_newer"),
        (_head(title="แบบสำรวจอื่น"), "edition.differs"),
        (_head(closes="2030-01-01"), "edition.differs"),
        (_head(definition_sha256="0" * 64), "edition.differs"),
        (_head(files=[]), "edition.invalid"),
        (lambda payload: {name: one for name, one in payload.items() if name != "d1.yaml"}, "verify.entry_missing"),
        (
            lambda payload: {name: one for name, one in payload.items() if name != "edition.json"},
            "verify.entry_missing",
        ),
    ],
)
def test_what_a_trusted_signer_packed_wrongly_is_refused(
    departments: Path,
    signer: Identity,
    tmp_path: Path,
    change: Callable[[dict[str, bytes]], dict[str, bytes]],
    code: str,
) -> None:
    pack = forged(tmp_path / "x.dgedition", change(payload_of(departments)), signer)
    verdict = check_pack(pack, [signer.certificate])
    assert not verdict.ok and not verdict.contents and code in codes(verdict)


@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_no_flipped_bit_passes(departments: Path, signer: Identity, at: float, bit: int) -> None:
    content = bytearray(departments.read_bytes())
    content[int(at * len(content))] ^= 1 << bit
    broken = departments.with_name("broken.dgedition")
    broken.write_bytes(content)
    verdict = check_pack(broken, [signer.certificate])
    assert not verdict.ok and verdict.problems and not verdict.contents


@pytest.mark.parametrize("share", [0, 0.3, 0.9, 0.999])
def test_a_half_copied_pack_is_refused(departments: Path, signer: Identity, tmp_path: Path, share: float) -> None:
    content = departments.read_bytes()
    part = tmp_path / "part.dgedition"
    part.write_bytes(content[: int(share * len(content))])
    assert not check_pack(part, [signer.certificate]).ok


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"edition": ("  field: office.department", "  field: office.nobody")}, "edition.flaws"),
        ({"edition": ("  field: office.department", "  field: office.person")}, "edition.flaws"),
        ({"edition": ('year: "2569"', "")}, "edition.head"),
        ({"edition": ("name: {th", "other: {th")}, "edition.head"),
        ({"edition": ('named: {th: "{name}"', 'named: {th: "{nam}"')}, "edition.flaws"),
        ({"d1": ("แผนดิจิทัลหรือไม่", "แผนดิจิทัลห่่รือไม่")}, "edition.flaws"),
        ({"d1": ("kind: single", "kind: wish")}, "definition.invalid"),
        ({"rubric": ("field: d1.1", "field: d9.9")}, "edition.flaws"),
    ],
)
def test_a_survey_with_a_flaw_is_not_packed(
    signer: Identity, tmp_path: Path, changes: dict[str, tuple[str, str]], code: str
) -> None:
    folder = copy_of(DEPARTMENTS, tmp_path / "data", **changes)
    target = tmp_path / "x.dgedition"
    assert code_of(build_pack, folder, target, identity=signer, now=NOW) == code
    assert not target.exists()


def test_the_schema_is_published() -> None:
    """Write it again with ``edition_schema()`` when the model changes, and note it in the changelog."""
    assert (ROOT / SCHEMA_FILE).read_bytes() == edition_schema()
