"""What leaves the program has an ending that fits its content; bundles that hold anything else are refused."""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bundle.support import BAG, JPEG, PDF, evidence, export, pack, payload, sign_again, submission, unpack
from dgdesk.bundle.archive.names import is_safe_part
from dgdesk.bundle.extract import extract_bundle
from dgdesk.bundle.signing.identity import Identity, create_identity
from dgdesk.bundle.verify import verify_bundle
from dgdesk.draft.drafts import load_form
from dgdesk.evidence import media
from dgdesk.evidence.inspection.endings import (
    ACCEPTED,
    content_fits,
    ending_of,
    endings_of,
    is_packed,
    is_run,
    leaving_name,
    peeked,
    seen_name,
)
from dgdesk.evidence.pages.spool import outside_name
from dgdesk.folders.export_folder import export_folder
from dgdesk.folders.index import disk_name
from dgdesk.folders.labels import labels_of
from dgdesk.survey.answers.attachments import Attachment

RUN = (
    *("exe", "com", "scr", "pif", "bat", "cmd", "lnk", "url", "scf", "hta", "js", "jse", "vbs", "vbe", "wsf"),
    *("wsh", "ps1", "psm1", "msi", "msp", "mst", "cpl", "dll", "jar", "reg", "inf", "ini", "chm", "hlp"),
    *("application", "gadget", "appref-ms", "library-ms", "search-ms", "settingcontent-ms", "diagcab", "xll"),
    *("htt", "db", "website", "mht", "svg", "py", "sh"),
)
PACKED = ["iso", "img", "vhd", "vhdx", "cab", "zip", "7z", "rar", "wim"]
PROGRAM = b"MZ\x90\0inert" + bytes(100)
KINDS = (media.PDF, media.TEXT, media.OLE, media.DOCX, media.OCTETS, media.PROGRAM, media.SCRIPT, media.HTML, "a/b")


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    from bundle.support import NOW

    folder = tmp_path_factory.mktemp("signer")
    return create_identity(folder, person="สมชาย", province="น่าน", passphrase=None, now=NOW)


@pytest.mark.parametrize("ending", RUN)
def test_endings_that_windows_runs_or_obeys_are_known(ending: str) -> None:
    assert is_run(ending)


@pytest.mark.parametrize("ending", PACKED)
def test_endings_that_are_unpacked_or_mounted_are_known(ending: str) -> None:
    assert is_packed(ending)


def test_no_ending_of_evidence_is_one_that_is_run() -> None:
    assert not [ending for kind in ACCEPTED for ending in endings_of(kind) if is_run(ending) or is_packed(ending)]


@given(
    stem=st.text(max_size=12),
    ending=st.sampled_from([*RUN, *PACKED, "pdf", "docx", ""]),
    after=st.sampled_from(["", ".", " ", " . ", "\u202e", "\u200b", ":$DATA", "::$INDEX_ALLOCATION", "\u3002", "\0"]),
    stated=st.sampled_from(KINDS),
    found=st.sampled_from(KINDS),
    shout=st.booleans(),
)
def test_whatever_a_stranger_calls_a_file_what_leaves_is_not_run(
    stem: str, ending: str, after: str, stated: str, found: str, shout: bool
) -> None:
    name = f"{stem}.{ending.upper() if shout else ending}{after}"
    for made in (leaving_name(name, stated, found), disk_name(f"E0001 {leaving_name(name, stated, found)}")):
        left = ending_of(made)
        assert not is_run(left) and not is_packed(left) and ":" not in made and left != "", made
    outside = outside_name(name, stated, found)
    assert outside is None or not is_run(ending_of(disk_name(outside)))


@pytest.mark.parametrize(
    ("name", "stated", "found", "wanted"),
    [
        ("แผน.pdf", media.PDF, media.PDF, "แผน.pdf"),
        ("แผน.PDF", media.PDF, media.PDF, "แผน.PDF"),
        ("แผน", media.PDF, media.PDF, "แผน.pdf"),
        ("แผน.docm", media.DOCX, media.ZIP, "แผน.docm"),
        ("แผน.pdf", media.PDF, media.PROGRAM, "แผน.pdf.bin"),
        ("run.lnk", media.PDF, media.PROGRAM, "run.lnk.bin"),
        ("x.url", media.TEXT, media.TEXT, "x.url.txt"),
        ("fdp.\u202eexe", media.PDF, media.PDF, "fdp.exe.pdf"),
        ("a.pdf:b.exe", media.PDF, media.PDF, "a.pdf_b.exe.pdf"),
        ("desktop.ini", media.TEXT, media.TEXT, "desktop.ini.txt"),
        ("a.csv", media.CSV, media.TEXT, "a.csv"),
        ("a.xls", media.OLE, media.OLE, "a.xls"),
        ("a.msi", media.OLE, media.OLE, "a.msi.bin"),
        ("a.gif", "image/gif", "image/gif", "a.gif"),
        ("", media.PDF, media.PDF, "_.pdf"),
    ],
)
def test_a_file_keeps_its_name_where_its_ending_fits(name: str, stated: str, found: str, wanted: str) -> None:
    assert leaving_name(name, stated, found) == wanted


def test_unseen_signs_leave_a_name_and_thai_stays() -> None:
    assert seen_name("น้ำ\u202e\u200bใจ.pdf. ") == "น้ำใจ.pdf"


def test_first_bytes_decide_what_a_file_may_be() -> None:
    assert content_fits(media.ZIP, media.DOCX) and content_fits(media.OLE, media.DOCX)
    assert content_fits(media.TEXT, media.CSV)
    assert not content_fits(media.PDF, media.JPEG) and not content_fits(media.PROGRAM, media.PROGRAM)
    assert not content_fits(media.SCRIPT, media.TEXT) and not content_fits(media.OLE, media.PDF)


@pytest.mark.parametrize("sizes", [(), (1, 2), (5000, 1), (1, 5000, 7), (4096,)])
def test_looking_at_first_bytes_loses_none(sizes: tuple[int, ...]) -> None:
    pieces = [bytes([number]) * size for number, size in enumerate(sizes)]
    head, again = peeked(iter(pieces))
    whole = b"".join(pieces)
    assert head == whole[: media.HEAD] and b"".join(again) == whole


def _signed(path: Path, signer: Identity, files: dict[str, bytes]) -> Path:
    path.write_bytes(pack(sign_again(files, signer)))
    return path


def _codes(path: Path, signer: Identity, into: Path) -> list[str]:
    verdict, unpacked = extract_bundle(path, into, trusted=[signer.certificate_pem])
    assert (unpacked is None) == (not verdict.ok) and verdict == verify_bundle(path, trusted=[signer.certificate_pem])
    # the sum of sizes in bag-info.txt is not made again
    return [problem.code for problem in verdict.problems if problem.code != "verify.oxum"]


@pytest.mark.parametrize(
    "name",
    [
        *("run.lnk", "x.scf", "desktop.ini", "autorun.inf", "evil.exe", "Thumbs.db", "folder.htt", "score.json.exe"),
        *("evidence/x/E0001.pdf", "evidence/e0009.pdf", "evidence/E0001.pdf.exe", "marked/x.pdf", "survey.pdf.lnk"),
        "other/a.pdf",
    ],
)
def test_a_file_that_belongs_to_no_bundle_is_refused(name: str, signer: Identity, tmp_path: Path) -> None:
    export(tmp_path / "x.zip", signer)
    files = unpack((tmp_path / "x.zip").read_bytes())
    files[f"{BAG}/data/{name}"] = b"inert"
    assert "verify.unknown_payload" in _codes(_signed(tmp_path / "y.zip", signer, files), signer, tmp_path)


@pytest.mark.parametrize(
    ("ending", "stated", "content", "code"),
    [
        *(
            (ending, "application/pdf", PROGRAM, "verify.evidence_ending")
            for ending in ("exe", "lnk", "scr", "hta", "js")
        ),
        *(
            (ending, "application/octet-stream", b"\0\1", "verify.evidence_ending")
            for ending in ("url", "iso", "zip", "ini")
        ),
        ("exe", "application/x-executable", PROGRAM, "verify.evidence_ending"),
        ("pdf", "application/pdf", PROGRAM, "verify.evidence_kind"),
        ("pdf", "application/pdf", JPEG, "verify.evidence_kind"),
        ("pdf", "image/jpeg", JPEG, "verify.evidence_ending"),
        ("bin", "application/x-executable", PROGRAM, "verify.evidence_kind"),
        ("docx", media.DOCX, b"#!/bin/sh\n", "verify.evidence_kind"),
        ("txt", media.TEXT, b"<html><script>", "verify.evidence_kind"),
    ],
)
def test_evidence_whose_ending_kind_and_content_do_not_fit_is_refused(
    ending: str, stated: str, content: bytes, code: str, signer: Identity, tmp_path: Path
) -> None:
    export(tmp_path / "x.zip", signer)
    files = unpack((tmp_path / "x.zip").read_bytes())
    file = f"evidence/E9999.{ending}"
    lying = evidence(9, content, f"a.{ending}", file=file, media_type=stated)
    files[f"{BAG}/data/{file}"] = content
    files[f"{BAG}/data/submission.json"] = submission(evidence=[*submission().evidence, lying]).to_bytes()
    assert _codes(_signed(tmp_path / "y.zip", signer, files), signer, tmp_path) == [code]


@pytest.mark.parametrize(
    ("ending", "stated", "content"),
    [
        ("jpeg", "image/jpeg", JPEG),
        ("docx", media.DOCX, b"PK\x03\x04" + bytes(40)),
        ("doc", media.DOC, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40)),
        ("csv", media.CSV, "ก,ข\n".encode()),
        ("gif", "image/gif", b"GIF89a"),
        ("htm", media.HTML, b"<html>"),
        ("bin", media.OCTETS, b"\0\1\2"),
    ],
)
def test_evidence_as_provinces_attach_it_passes(
    ending: str, stated: str, content: bytes, signer: Identity, tmp_path: Path
) -> None:
    file = f"evidence/E0003.{ending}"
    items = [*submission().evidence, evidence(3, content, f"a.{ending}", file=file, media_type=stated)]
    export(
        tmp_path / "x.zip",
        signer,
        {**payload(**{"submission.json": submission(evidence=items).to_bytes()}), file: content},
    )
    assert _codes(tmp_path / "x.zip", signer, tmp_path) == []


def test_a_survey_that_is_a_program_is_refused(signer: Identity, tmp_path: Path) -> None:
    export(tmp_path / "x.zip", signer)
    files = unpack((tmp_path / "x.zip").read_bytes())
    files[f"{BAG}/data/survey.pdf"] = PROGRAM
    assert _codes(_signed(tmp_path / "y.zip", signer, files), signer, tmp_path) == ["verify.evidence_kind"]


def test_a_folder_that_explorer_takes_for_a_part_of_windows_is_no_name() -> None:
    assert not is_safe_part("ชุดส่ง.{2559a1f2-21d7-11d4-bdaf-00c04f60b9f0}")
    assert is_safe_part("ชุดส่ง {1}")


def test_evidence_of_somebody_elses_draft_is_carried_out_without_its_programs(tmp_path: Path) -> None:
    form = load_form()
    contents = {hashlib.sha256(one).hexdigest(): one for one in (PROGRAM, PDF, b"[InternetShortcut]\nURL=x\n")}
    sums = list(contents)
    names = (("run.lnk", 0), ("แผน.pdf", 1), ("x.url", 2), ("x.hta ", 0), ("a.pdf.\u202eexe", 1), ("desktop.ini", 2))
    attached = tuple(Attachment(sums[at], name, len(contents[sums[at]]), media.PDF) for name, at in names)
    state = SimpleNamespace(
        facts=SimpleNamespace(answers={}, evidence={next(iter(labels_of(form, {}))): attached}, unreadable=())
    )
    marked: list[Path] = []
    export_folder(form, state, lambda sha: iter([contents[sha]]), tmp_path / "out", stamp=marked.append)
    written = [path for path in (tmp_path / "out").rglob("E*") if path.is_file()]
    assert sorted(ending_of(path.name) for path in written) == ["bin", "bin", "pdf", "pdf", "txt", "txt"]
    assert {path.name for path in marked} == {path.name for path in written}
