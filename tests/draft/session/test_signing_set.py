"""The signing set: what was exported, with the papers that are signed for it; before an export the missing step."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pypdf
import pytest

from dgdesk.bundle.export import ExportReport
from dgdesk.bundle.qr import compare
from dgdesk.bundle.signing.identity import Identity
from dgdesk.draft.drafts import Draft, open_draft
from dgdesk.errors import CheckFailed, UsageError
from dgdesk.printing.survey.choices import PrintChoices
from dgdesk.submission.export import export_draft
from dgdesk.submission.journey import checklist
from dgdesk.submission.signing_set import signing_order
from dgdesk.submission.signing_step import require_exported
from dgdesk.text.messages import load_catalogue
from printing.extracting import READERS

NOW = datetime.fromisoformat("2026-11-20T09:30:00+07:00")
SAY = load_catalogue().text
PLAIN = PrintChoices(variant="signing")


@pytest.fixture(scope="module")
def exported(ready: Path, signer: Identity, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A complete draft that was exported, and its bundle."""
    folder = tmp_path_factory.mktemp("exported")
    mine = folder / "เชียงใหม่.dgdesk"
    shutil.copy(ready, mine)
    with open_draft(mine, clock=lambda: NOW, who="สมชาย") as draft:
        draft.session.set_signing({"governor.name": "นายก้อง ข", "governor.acting": "acting"})
        report = export(draft, signer, "ส่ง.zip")
    return mine, report.path


@pytest.fixture
def draft(exported: tuple[Path, Path], tmp_path: Path) -> Iterator[Draft]:
    mine = tmp_path / "เชียงใหม่.dgdesk"
    shutil.copy(exported[0], mine)
    with open_draft(mine, clock=lambda: NOW, who="สมชาย") as made:
        yield made


def export(draft: Draft, signer: Identity, name: str, *, as_draft: bool = False) -> ExportReport:
    return export_draft(
        draft, draft.path.parent / name, identity=signer, reason="แก้ไข", claimed_time=NOW, as_draft=as_draft
    )


def refused(work: Callable[[], object]) -> str:
    with pytest.raises((CheckFailed, UsageError)) as caught:
        work()
    assert SAY(caught.value.code, **caught.value.values)
    return caught.value.code


def bare(text: str) -> str:
    return "".join(text.split())


def test_memo_summary_sheet_and_survey_are_one_document_with_running_numbers(draft: Draft) -> None:
    made = signing_order(draft).print(PLAIN)
    pages = READERS["pdftotext"](made.data).split("\f")[: made.pages]
    assert len(pypdf.PdfReader(io.BytesIO(made.data)).pages) == made.pages and not made.missing
    for number, page in enumerate(pages, start=1):
        assert f"หน้า{number}จาก{made.pages}" in bare(page)
    heads = ("บันทึกข้อความ", "สรุปการตอบแบบสำรวจ", "ใบลงนามรับรองการตอบแบบสำรวจ", "ด้านหลังใบลงนามรับรอง")
    for words, page in zip(heads, pages, strict=False):
        assert bare(page).startswith(words)
    assert "เรียนผู้ว่าราชการจังหวัดเชียงใหม่" in bare(pages[0]) and "ฉบับสำหรับลงนาม" in pages[4]
    survey = made.pages - 4
    assert f"แบบสำรวจพร้อมคำตอบและดัชนีหลักฐานจำนวน{survey}หน้า" in bare(pages[0])
    assert f"แบบสำรวจ{survey}หน้า" in bare(pages[2]) and "รักษาราชการแทนผู้ว่าราชการจังหวัดเชียงใหม่" in bare(pages[2])


def test_the_contents_name_the_pages_of_the_set(draft: Draft) -> None:
    made = signing_order(draft).print(PLAIN)
    pages = READERS["pdftotext"](made.data).split("\f")
    (line,) = [one for one in pages[4].splitlines() if one.startswith("ดัชนีหลักฐาน")]
    named = pages[int(line.split()[-1]) - 1]
    assert "ดัชนีหลักฐาน" in [one.strip() for one in named.splitlines()]


def test_nobody_signs_the_programs_estimate(draft: Draft) -> None:
    assert "ประมาณการ" not in READERS["pdftotext"](signing_order(draft).print(PLAIN).data)


def test_the_same_export_and_choices_give_the_same_bytes(draft: Draft) -> None:
    assert signing_order(draft).print(PLAIN).data == signing_order(draft).print(PLAIN).data
    other = PrintChoices(variant="signing", thai_digits=True)
    assert "๒๕๖๙" in READERS["pdftotext"](signing_order(draft).print(other).data).split("\f")[1]


def test_a_scan_of_the_set_belongs_to_the_bundle(draft: Draft, signer: Identity) -> None:
    made = signing_order(draft).print(PLAIN)
    found = checklist(draft.package.register())
    assert found is not None
    texts = draft.session.documents.codes(_saved(draft, made.data), "application/pdf")
    assert compare(texts, found.digest, signer.fingerprint) == "match"


def _saved(draft: Draft, data: bytes) -> Path:
    path = draft.path.with_suffix(".pdf")
    path.write_bytes(data)
    return path


def test_names_given_after_the_export_need_no_new_one_but_an_answer_does(draft: Draft) -> None:
    draft.session.set_signing({"pcio.name": "นาย ค"})
    assert "(นายค)" in bare(READERS["pdftotext"](signing_order(draft).print(PLAIN).data))
    draft.session.flag("g1", "?")
    require_exported(draft)
    draft.session.set_answer_from_text("general.first_name", "สมศรี")
    assert refused(lambda: signing_order(draft)) == "signing.changed"
    draft.session.undo()
    assert refused(lambda: signing_order(draft)) == "signing.changed"


def test_the_missing_step_is_named(ready: Path, signer: Identity, tmp_path: Path) -> None:
    mine = tmp_path / "ใหม่.dgdesk"
    shutil.copy(ready, mine)
    with open_draft(mine, clock=lambda: NOW, who="สมชาย") as draft:
        assert refused(lambda: require_exported(draft)) == "signing.not_exported"
        draft.session.answer("g1", None)
        assert refused(lambda: require_exported(draft)) == "signing.not_ready"
        export(draft, signer, "ร่าง.zip", as_draft=True)
        assert refused(lambda: require_exported(draft)) == "signing.not_ready", "a draft is not signed"


def test_the_bundle_must_be_the_drafts_own(
    draft: Draft, exported: tuple[Path, Path], signer: Identity, tmp_path: Path
) -> None:
    bundle = exported[1]
    assert require_exported(draft, bundle).record["person"] == "สมชาย ใจดี"
    older = tmp_path / "เดิม.zip"
    shutil.copy(bundle, older)
    draft.session.set_answer_from_text("general.first_name", "สมศรี")
    export(draft, signer, "ใหม่.zip")
    damaged, other = tmp_path / "ใหม่กว่า.zip", tmp_path / "x.pdf"
    damaged.write_bytes(b"PK\x03\x04")
    other.write_bytes(b"%PDF-1.7")
    for path in (older, damaged, other, tmp_path / "ไม่มี.zip", draft.path, tmp_path):
        assert refused(lambda path=path: require_exported(draft, path)) == "signing.other_export"
    require_exported(draft, draft.path.parent / "ใหม่.zip")


def test_a_register_that_cannot_be_read_asks_for_a_new_export(draft: Draft) -> None:
    found = checklist(draft.package.register())
    assert found is not None
    draft.package.register_export({**found.line.record, "digest": "x"})
    assert refused(lambda: signing_order(draft)) == "signing.record_unfit"


def test_a_set_has_the_whole_survey(draft: Draft) -> None:
    assert refused(lambda: signing_order(draft).print(PrintChoices(variant="signing", section="p1"))) == "signing.whole"
