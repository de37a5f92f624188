"""What was found in a file stays with it, is said where the file is shown, and marks on missing pages are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.draft.file.model import StateKey
from dgdesk.draft.outcomes import notices
from dgdesk.evidence.inspection.outcome import KNOWN, issues_of
from dgdesk.survey.answers.attachments import Attachment, Inspected, attachment_from_json
from dgdesk.survey.answers.marks import Mark, Rect
from dgdesk.text.messages import load_catalogue
from evidence.highlights.signing import make_signer, signed
from evidence.inspection.looking import OLD, pdf, with_files

NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
RECT = (Rect(0.1, 0.1, 0.4, 0.2),)
CATALOGUES = [load_catalogue(language) for language in ("th", "en")]


def mark(page: int) -> Mark:
    return Mark(page, RECT)


def there(desk, slot: str = "g1/yes") -> Attachment:
    return desk.session.state.facts.evidence[slot][-1]


FILES = {
    "ขาด.pdf": (pdf(4, **OLD)[:-400], ("incoming.damaged",), 4),
    "โปรแกรม.pdf": (pdf(1, lambda one: with_files(one, [("a.exe", b"x")])), ("incoming.program_inside",), 1),
    "ดี.pdf": (pdf(3), (), 3),
    "แผน.pdf": ("แผนงาน".encode(), ("incoming.wrong_ending",), 0),
}


@pytest.mark.parametrize("name", FILES)
def test_what_was_found_stays_with_the_file_when_the_draft_is_opened_again(desk, name):
    content, codes, pages = FILES[name]
    desk.session.attach("g1/yes", desk.file(name, content))
    assert there(desk).inspected == Inspected(codes, pages)
    desk.reopen()
    assert there(desk).inspected == Inspected(codes, pages)
    assert [one.code for one in issues_of(there(desk))] == list(codes)
    assert [one.issue.code for one in notices(desk.draft)] == list(codes)
    desk.session.attach_again("g2/yes", [there(desk)])
    assert there(desk, "g2/yes").inspected == Inspected(codes, pages)


def test_a_file_that_changed_after_it_was_looked_at_is_inspected_as_it_is_now(desk):
    from dgdesk.evidence.limits import AttachmentRequest

    source = desk.file("ก.pdf", pdf(3))
    looked = desk.session.look(source)
    assert looked.findings == ()
    source.write_bytes(pdf(5, **OLD)[:-300])
    _, (result,) = desk.session.attach_files("g1/yes", [AttachmentRequest(source, looked)])
    assert result.status == "attached"
    assert there(desk).inspected == Inspected(("incoming.damaged",), 5)


# -- marks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pages", [1, 3, 12])
def test_a_mark_on_a_page_that_is_not_there_is_refused_at_once(desk, refused, pages):
    source = desk.file("ก.pdf", pdf(pages))
    with refused("marks.no_page"):
        desk.session.attach("g1/yes", source, marks=[mark(1), mark(pages + 1)])
    assert desk.session.state.facts.evidence == {} and not desk.session.can_undo
    desk.session.attach("g1/yes", source, marks=[mark(pages)])
    with refused("marks.no_page"):
        desk.session.mark("g1/yes", there(desk).sha256, marks=[mark(pages + 1)])
    assert there(desk).marks == (mark(pages),)


def test_a_picture_has_one_page_and_a_text_no_known_ones(desk, refused):
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (40, 30)).save(out, "PNG")
    with refused("marks.no_page"):
        desk.session.attach("g1/yes", desk.file("ก.png", out.getvalue()), marks=[mark(2)])
    desk.session.attach("g1/yes", desk.file("ก.txt", b"text"), marks=[mark(2)])
    assert there(desk).missing_pages == ()


def test_an_old_mark_on_a_missing_page_is_told_in_the_notices(desk):
    """An older program stored no outcome: the file is inspected for the list, and the draft stays as it was."""
    desk.session.attach("g1/yes", desk.file("ก.pdf", pdf(3)), marks=[mark(2)])
    old = replace(there(desk), inspected=None, marks=(mark(2), mark(7), mark(9)))
    stored = old.as_json()
    assert "inspected" not in stored
    desk.session.restore({StateKey("attachment", "g1/yes", old.sha256): stored})
    assert there(desk).inspected is None
    (notice,) = notices(desk.draft)
    assert (notice.slot, notice.issue.code) == ("g1/yes", "marks.pages_missing")
    assert notice.issue.values["pages"] == "7, 9" and there(desk).inspected is None


@pytest.mark.parametrize("pages", ["9", "3-99", "๙", "หน้า 6", "1, 2 และ 40"])
def test_typed_pages_that_are_not_there_are_told_and_kept(desk, pages):
    desk.session.attach("g1/yes", desk.file("ก.pdf", pdf(5)), pages=pages)
    assert [one.code for one in issues_of(there(desk))] == ["marks.typed_missing"]
    assert [one.issue.code for one in notices(desk.draft)] == ["marks.typed_missing"]
    desk.session.mark("g1/yes", there(desk).sha256, pages="5")
    assert issues_of(there(desk)) == ()
    desk.session.mark("g1/yes", there(desk).sha256, pages=pages)
    old = replace(there(desk), inspected=None)
    desk.session.restore({StateKey("attachment", "g1/yes", old.sha256): old.as_json()})
    assert [one.issue.code for one in notices(desk.draft)] == ["marks.typed_missing"]


def test_a_mark_on_a_file_whose_pages_are_not_shown_is_told(desk):
    desk.session.attach("g1/yes", desk.file("ก.txt", b"text"), marks=[mark(1)])
    assert [one.code for one in issues_of(there(desk))] == ["marks.no_copy"]
    assert [one.issue.code for one in notices(desk.draft)] == ["marks.no_copy"]


def test_the_same_content_under_another_name_is_named(desk, refused):
    desk.session.attach("g1/yes", desk.file("link.pdf", pdf(1)))
    with refused("evidence.already_there_as") as told:
        desk.session.attach("g1/yes", desk.file("same.pdf", pdf(1)))
    assert told is None or {"link.pdf", "same.pdf"} <= set(map(str, told.value.values.values()))
    with refused("evidence.already_there"):
        desk.session.attach("g1/yes", desk.file("link.pdf", pdf(1)))


# -- signatures ------------------------------------------------------------------------------------------------------


def test_it_is_said_wherever_a_signature_does_not_hold_in_the_marked_copy(desk, signer, tmp_path):
    from dgdesk.submission.export import export_draft

    hand = make_signer(tmp_path)
    session = desk.session
    session.answer_all({"general.province": "TH-55", "g1": "yes", "g2": "yes"})
    session.attach("g1/yes", desk.file("ลงนาม.pdf", signed(pdf(2), hand, "one")), marks=[mark(1)])
    session.attach("g1/yes", desk.file("ลงนามไม่ทำเครื่องหมาย.pdf", signed(pdf(3), hand, "one")))
    session.attach("g2/yes", desk.file("ไม่ลงนาม.pdf", pdf(4)), marks=[mark(1)])
    first, second = session.state.facts.evidence["g1/yes"]
    assert first.inspected == Inspected((), 2, True) and second.inspected == Inspected((), 3, True)
    assert [one.code for one in issues_of(first)] == ["marking.unsigned"] and issues_of(second) == ()
    assert [one.issue.values["name"] for one in notices(desk.draft)] == ["ลงนาม.pdf"]
    report = export_draft(
        desk.draft, tmp_path / "a.zip", identity=signer, as_draft=True, reason="แก้ไข", claimed_time=NOW
    )
    assert [(one.code, one.values["name"]) for one in report.unsigned] == [("marking.unsigned", "ลงนาม.pdf")]
    assert report.unmarked == ()


# -- stored values ---------------------------------------------------------------------------------------------------


def test_every_code_has_a_sentence_with_the_files_name():
    for code in KNOWN:
        one = Attachment("0" * 64, "ก.docx", 1, "application/pdf", inspected=Inspected((code,)))
        (issue,) = issues_of(one)
        assert all("ก.docx" in catalogue.text(issue.code, **issue.values) for catalogue in CATALOGUES)


def test_what_a_newer_program_found_is_kept_and_not_said():
    one = Attachment("0" * 64, "ก.pdf", 1, "application/pdf", inspected=Inspected(("incoming.quantum",), 2))
    assert issues_of(one) == () and attachment_from_json(one.as_json()) == one


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["found", "pages", "signed"]), inner),
    max_leaves=8,
)


@given(stored=JSON)
def test_no_stored_outcome_makes_an_attachment_unreadable(stored):
    whole = Attachment("0" * 64, "ก.pdf", 1, "application/pdf").as_json()
    read = attachment_from_json({**whole, "inspected": stored})
    assert read is not None and attachment_from_json(read.as_json()) == read


@given(
    codes=st.lists(st.sampled_from(sorted(KNOWN)), max_size=5, unique=True),
    pages=st.integers(0, 100_000),
    signed=st.booleans(),
)
def test_an_outcome_is_read_as_it_was_written(codes, pages, signed):
    one = Attachment("0" * 64, "ก.pdf", 1, "application/pdf", inspected=Inspected(tuple(codes), pages, signed))
    assert attachment_from_json(one.as_json()) == one
