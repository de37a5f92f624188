"""What goes onto paper comes out of the file: four readers give back every text, well formed or not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dgdesk.resources import resource
from dgdesk.survey.definition.load import load_definition
from dgdesk.survey.definition.texts import texts_of
from dgdesk.text.clusters import CONSONANTS, MARKS
from printing.extracting import READERS, lines, strip

FORM = [line for text in texts_of(load_definition(resource("questionnaires/th-province-2568"))) for line in lines(text)]
VOWELS = ("", *"ัิีึืฺุู็ํ๎")
SIGNS = ("", *"่้๊๋์")
STACKS = [
    " ".join(base + vowel + sign + am for sign in SIGNS for am in ("", "ำ")) for base in CONSONANTS for vowel in VOWELS
]
WILD = [*map(chr, range(0x0E01, 0x0E3B)), *map(chr, range(0x0E3F, 0x0E5C)), *"aZ09.-() %/\"'", *MARKS]
TYPED = st.text(alphabet=WILD, min_size=1, max_size=60).map(lambda text: " ".join(text.split())).filter(bool)

every_reader = pytest.mark.parametrize("reader", READERS)


def given_back(reader: str, texts: list[str], bold: bool = False) -> list[str]:
    return lines(READERS[reader](strip(texts, bold)))


@every_reader
@pytest.mark.parametrize("bold", [False, True])
def test_every_text_of_the_form_comes_back(reader: str, bold: bool) -> None:
    assert given_back(reader, FORM, bold) == FORM


@every_reader
@pytest.mark.parametrize("bold", [False, True])
def test_every_stack_of_thai_marks_comes_back(reader: str, bold: bool) -> None:
    assert len(STACKS) == 46 * 12
    assert given_back(reader, STACKS, bold) == STACKS


@every_reader
@settings(max_examples=40, deadline=None)
@given(text=TYPED)
def test_whatever_is_typed_comes_back(reader: str, text: str) -> None:
    assert given_back(reader, [text]) == [text]


@pytest.mark.parametrize("reader", ["pdftotext", "pypdf"])
def test_a_page_of_malformed_lines_comes_back(reader: str) -> None:
    chance = random.Random(5)
    texts = [" ".join("".join(chance.choice(WILD) for _ in range(40)).split()) for _ in range(200)]
    assert given_back(reader, texts) == texts


@every_reader
def test_a_pile_of_marks_comes_back(reader: str) -> None:
    pile = "ก" + "่้" * 40 + "ข"
    assert "".join(given_back(reader, [pile])) == pile  # MuPDF ends the line behind it


@every_reader
def test_marks_for_answers_come_back_among_the_words(reader: str) -> None:
    text = "☑ มี ☐ ไม่มี ◉ใช่ ○ไม่ใช่ ✓น้ำ"
    assert given_back(reader, [text], bold=True) == [text]


@every_reader
def test_what_the_font_lacks_comes_back_as_itself_or_as_its_code(reader: str) -> None:
    assert given_back(reader, ["ก😀ข 漢字 ก\u3000ข"]) == ["ก😀ข 漢字 ก ข"]
    assert given_back(reader, ["ก\u202eข سل"]) == ["ก[U+202E]ข [U+0633][U+0644]"]


@every_reader
def test_what_is_never_seen_is_not_printed(reader: str) -> None:
    assert given_back(reader, ["จังหวัด\u200bยะลา"]) == ["จังหวัดยะลา"]
    assert given_back(reader, ["✓\ufe0f ก\u200dข\u2060ค\ufeff"]) == ["✓ กขค"]


@every_reader
def test_more_clusters_than_one_font_holds_go_into_several(reader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dgdesk.printing.fonts._FULL", 5)
    text = "จังหวัดน้ำดี ปี่ ๑๒๓ ABC"
    assert given_back(reader, [text, text]) == [text, text]
