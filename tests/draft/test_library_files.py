"""The library without a window: kinds, order, search, and files that were taken away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from dgdesk.draft.drafts import new_draft, open_draft
from dgdesk.draft.library import KeptFile, all_files, attached_files, found, in_order, kind_of
from dgdesk.evidence.media import DOCX, HEIC, OCTETS, PDF, XLSX
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.survey.rules.evidence_overview import place_rows

SLOT, OTHER = "p1.4/yes", "p1.5/yes"


def kept(name: str, *, size: int = 1, number: int = 0) -> KeptFile:
    return KeptFile(Attachment(name, name, size, PDF), (name,), (), number)


def test_kinds_are_what_people_call_them() -> None:
    kinds = [kind_of(one) for one in (PDF, HEIC, DOCX, XLSX, OCTETS)]
    assert kinds == ["pdf", "picture", "text_document", "sheet", "other"]


def test_names_stand_as_in_a_dictionary_and_numbers_by_their_size() -> None:
    names = ["แผน 10.pdf", "เก่า.pdf", "แผน 9.pdf", "ขยะ.pdf", "แผน ๑๑.pdf"]
    ordered = [one.file.name for one in in_order(map(kept, names), "name")]
    assert ordered == ["เก่า.pdf", "ขยะ.pdf", "แผน 9.pdf", "แผน 10.pdf", "แผน ๑๑.pdf"]


def test_no_word_is_found_across_two_facts() -> None:
    files = [kept("กข.pdf")]
    assert found(files, "กข", lambda kind: "ภาพ") == tuple(files)
    assert found(files, "pdfภาพ", lambda kind: "ภาพ") == ()


def test_files_taken_away_are_known_by_the_journal_also_after_undo(
    tmp_path: Path, clock: Callable[[], datetime]
) -> None:
    path = tmp_path / "a.dgdesk"
    with new_draft(path, clock=clock, who="x", respondent="TH-55") as draft:
        session = draft.session
        for name in ("ก.pdf", "ข.pdf", "ค.pdf"):
            (tmp_path / name).write_bytes(b"%PDF-1.7 " + name.encode())
            session.attach(SLOT, tmp_path / name, pages="3")
        session.attach(OTHER, tmp_path / "ก.pdf", name="อีกชื่อ.pdf")
        session.undo()
        session.undo()  # ค.pdf
        session.detach(SLOT, session.state.facts.evidence[SLOT][1].sha256)
    with open_draft(path, clock=clock, who="x", read_only=True) as draft:
        files = all_files(place_rows(draft.session.form, draft.session.state), draft.package)
        assert [(one.names, len(one.uses)) for one in files] == [(("ก.pdf",), 1), (("ข.pdf",), 0), (("ค.pdf",), 0)]
        assert [one.number for one in files] == [0, 1, 2]
        assert all(one.file.pages == "" for one in files)
        assert files[0].codes == ("P1.4",)
        attached = attached_files(place_rows(draft.session.form, draft.session.state))
        assert [one.file.name for one in attached] == ["ก.pdf"]


@pytest.mark.parametrize("wanted", [set(), {"0" * 64}])
def test_what_the_journal_never_knew_is_left_out(
    wanted: set[str], tmp_path: Path, clock: Callable[[], datetime]
) -> None:
    with new_draft(tmp_path / "a.dgdesk", clock=clock, who="x", respondent="TH-55") as draft:
        assert draft.package.attached_once(wanted) == {}
