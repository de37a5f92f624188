"""The world of carrying: drafts on disk, and evidence that lies at their places."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dgdesk.draft.drafts import Draft, new_draft

NOW = datetime(2026, 11, 20, tzinfo=UTC)
ANSWERS = {"g1": "yes", "p1.1": "yes", "p1.1a2": ["1", "3"], "p1.3": "yes", "p1.5": "yes", "p1.2a:1.1": "exempt"}


@pytest.fixture
def make_draft(tmp_path: Path) -> Iterator[Callable[[str], Draft]]:
    """Make a draft in which some places ask for evidence."""
    made = []

    def make(name: str) -> Draft:
        draft = new_draft(tmp_path / f"{name}.dgdesk", clock=lambda: NOW, who="สมชาย", respondent="TH-55")
        made.append(draft)
        draft.session.answer_all(ANSWERS)
        return draft

    yield make
    for draft in made:
        draft.close()


@pytest.fixture
def draft(make_draft: Callable[[str], Draft]) -> Draft:
    return make_draft("น่าน")


@pytest.fixture
def filled(draft: Draft, tmp_path: Path) -> Draft:
    """A draft with files of difficult names at several places, one of them at two."""
    source = tmp_path / "source.txt"
    for number, (slot, name) in enumerate(
        [
            ("p1.3/yes", "แผน.txt"),
            ("p1.3/yes", "แผน .txt"),
            ("p1.1a2/3", "=SUM(A1) P1.4.txt"),
            ("p1.1a2/3", "CON.txt"),
            ("p1.2a:1.1/exempt", "น้ำ" * 200 + ".txt"),
            ("g1/yes", "e\u0301 NFD ก:ข?.txt"),
            ("g1/yes", "\u202e\u200b.txt"),
            ("p5.3/6", "ซ่อนอยู่.txt"),  # not asked for now, and carried out all the same
        ]
    ):
        source.write_text(f"ข้อความที่ {number}", encoding="utf-8")
        draft.session.attach(slot, source, name=name, pages=str(number), passages="ย่อหน้าแรก\nบรรทัดที่สอง")
        if number == 0:
            draft.session.attach("p1.5/yes", source, name="ชื่ออื่น.txt", pages="๙")
    return draft
