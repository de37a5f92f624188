"""What ties the pages together: footers, contents, bookmarks, links, title and language."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping

import pikepdf
import pypdf

from dgdesk.printing.document import Printed
from dgdesk.printing.survey.choices import PrintChoices
from dgdesk.survey.rules.state import Rules
from printing.survey.support import DIGEST, pages_of, printed
from scenario import Scenario


def test_every_page_carries_province_digest_and_its_number(full: Printed) -> None:
    result = full
    short = " ".join(DIGEST[at : at + 4] for at in range(0, 16, 4))
    texts = pages_of(result.data)
    assert len(texts) == result.pages > 10
    for number, text in enumerate(texts, start=1):
        assert f"รหัสตรวจสอบคำตอบ {short} · 1 สิงหาคม 2568" in text, number
        assert f"หน้า {number} จาก {result.pages}" in text


def test_page_numbers_in_thai_digits(rules: Rules, filled: Scenario) -> None:
    texts = pages_of(printed(rules, filled.state, PrintChoices(thai_digits=True)).data)
    assert "หน้า ๑๐ จาก" in texts[9]


def test_the_cover_names_everything_and_gives_the_whole_digest(rules: Rules, full: Printed) -> None:
    cover = pages_of(full.data)[0]
    for words in ("เชียงใหม่", "ระดับจังหวัด พ.ศ. 2568", "1 สิงหาคม 2568", "ครบถ้วน พร้อมส่ง"):
        assert words in cover, words
    assert DIGEST in cover.replace(" ", "")
    assert rules.form.definition.edition not in cover
    assert all(section.title in cover for section in rules.form.definition.sections)


def test_the_contents_name_the_right_pages(rules: Rules, full: Printed) -> None:
    cover, *rest = pages_of(full.data)
    for section in rules.form.definition.sections:
        found = re.search(re.escape(section.title) + r"[ .]*?(\d+)(?!\d)", cover)
        assert found is not None, section.title
        assert section.title in rest[int(found[1]) - 2], section.title


def entries(outline: list[object]) -> Iterator[str]:
    for one in outline:
        if isinstance(one, list):
            yield from entries(one)
        else:
            assert isinstance(one, Mapping)
            yield str(one["/Title"])


def test_bookmarks_lead_to_sections_and_questions(rules: Rules, full: Printed) -> None:
    reader = pypdf.PdfReader(io.BytesIO(full.data))
    titles = list(entries(reader.outline))
    assert [section.title for section in rules.form.definition.sections if section.title not in titles] == []
    codes = [item.code for section in rules.form.definition.sections for page in section.pages for item in page.items]
    printed_codes = [code for code in codes if code]
    assert len(printed_codes) > 20
    assert [code for code in printed_codes if not any(title.startswith(code) for title in titles)] == []
    assert titles[-1] == "ดัชนีหลักฐาน", "the estimated score is in drafts only"


def test_links_join_evidence_and_its_place_both_ways(rules: Rules, scenario: Scenario) -> None:
    scenario.answers(general_province="TH-50").answer("g1", "yes").attach("g1/yes")
    data = printed(rules, scenario.state).data
    texts = pages_of(data)
    at = next(number for number, text in enumerate(texts) if "E0001" in text)
    index = next(number for number, text in enumerate(texts) if number and "ดัชนีหลักฐาน" in text)
    reader = pypdf.PdfReader(io.BytesIO(data))
    numbers = {page.indirect_reference: number for number, page in enumerate(reader.pages)}
    links = {
        (number, numbers[list.__getitem__(target["/Dest"], 0)])
        for number, page in enumerate(reader.pages)
        for target in (one.get_object() for one in page.get("/Annots", []))
        if "/Dest" in target
    }
    assert {(at, index), (index, at)} <= links


def test_addresses_typed_as_answers_can_be_followed(rules: Rules, scenario: Scenario) -> None:
    scenario.answer("p2.1.1.1", "yes").answer("p2.1.1.2", "https://www.example.go.th/chiangmai")
    with pikepdf.open(io.BytesIO(printed(rules, scenario.state).data)) as pdf:
        found = [str(note.A.URI) for page in pdf.pages for note in page.obj.get("/Annots", []) if "/A" in note]
    assert "https://www.example.go.th/chiangmai" in found


def test_each_of_several_addresses_can_be_followed(rules: Rules, scenario: Scenario) -> None:
    scenario.answer("p4.6.1", "yes").answer("p4.6.1.channels", ["website"])
    scenario.answer("p4.6.1.1", "www.a.go.th; www.b.go.th/x,y")
    data = printed(rules, scenario.state).data
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found = [str(note.A.URI) for page in pdf.pages for note in page.obj.get("/Annots", []) if "/A" in note]
    assert {"https://www.a.go.th", "https://www.b.go.th/x,y"} <= set(found)
    assert any("https://www.a.go.th, https://www.b.go.th/x,y" in text for text in pages_of(data))


def test_title_and_language_are_told(rules: Rules, full: Printed) -> None:
    with pikepdf.open(io.BytesIO(full.data)) as pdf:
        assert str(pdf.docinfo.Title) == f"{rules.form.definition.title} – เชียงใหม่"
        assert str(pdf.Root.Lang) == "th-TH"
        assert "+07'00'" in str(pdf.docinfo.CreationDate)
