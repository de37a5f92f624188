"""Addresses in any text can be followed, and nothing but addresses."""

from __future__ import annotations

import io

import pikepdf
import pytest

from dgdesk.printing.style import TextRun
from dgdesk.printing.survey.choices import PrintChoices
from dgdesk.printing.survey.prose import with_links
from dgdesk.survey.definition.texts import texts_of
from dgdesk.survey.rules.state import Rules
from printing.survey.support import printed
from scenario import Scenario


def links(text: str) -> list[str]:
    parts = list(with_links(TextRun(text)))
    assert "".join(part.text for part in parts) == text
    return [part.link for part in parts if part.link]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("(ลิงก์: https://drive.ncsa.or.th/s/7zAHoc8kYBkneSd) 2)", ["https://drive.ncsa.or.th/s/7zAHoc8kYBkneSd"]),
        ("ได้ที่ https://a.go.th/x_(1).pdf.", ["https://a.go.th/x_(1).pdf"]),
        ("https://a.go.th/ก", ["https://a.go.th/"]),
        ("ส่งที่ saraban@nan.go.th, หรือ www.nan.go.th", ["mailto:saraban@nan.go.th", "https://www.nan.go.th"]),
        ("https://a.go.th และ http://b.go.th", ["https://a.go.th", "http://b.go.th"]),
        ("Line & Line@ และ @nan", []),
        ("ไม่มี", []),
        ("", []),
    ],
)
def test_an_address_is_a_link(text: str, found: list[str]) -> None:
    assert links(text) == found


def test_every_address_of_the_form_can_be_followed(rules: Rules, scenario: Scenario) -> None:
    scenario.answer("general.email", "saraban@nan.go.th").answer("g1", "no").answer(
        "g1.reason", "ดู https://nan.go.th/1"
    )
    wanted = {link for text in texts_of(rules.form.definition) for link in links(text)}
    assert len(wanted) > 10
    for choices, state in ((PrintChoices(variant="final"), scenario.state), (PrintChoices(variant="blank"), None)):
        data = printed(rules, state, choices).data
        with pikepdf.open(io.BytesIO(data)) as pdf:
            found = {str(note.A.URI) for page in pdf.pages for note in page.obj.get("/Annots", []) if "/A" in note}
        assert wanted <= found
        if state is not None:
            assert {"mailto:saraban@nan.go.th", "https://nan.go.th/1"} <= found
