"""Lines break between words; paragraphs part anywhere without leaving a line alone."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dgdesk.printing.fonts import Fonts
from dgdesk.printing.lines import LineBreaker
from dgdesk.printing.paragraph import Paragraph, ParagraphSlice, parting
from dgdesk.printing.style import ParagraphStyle, TextRun
from dgdesk.text.breaks import DictionaryBreaker, thai_breaker
from dgdesk.text.clusters import NEVER_FIRST

BREAKER = thai_breaker()
LONG = (
    "การพัฒนารัฐบาลดิจิทัลของจังหวัด (Digital Government) ตามพระราชบัญญัติการบริหารงานและการให้บริการภาครัฐ ผ่านระบบดิจิทัล "
    "พ.ศ. 2562 จังหวัดต่าง ๆ ต้องจัดทำแผนฯ ให้แล้วเสร็จ เช่น “แผนแม่บท” กลยุทธ์ฯลฯ และอื่นๆ ร้อยละ 12.5% "
)


def setter(breaker: DictionaryBreaker = BREAKER) -> LineBreaker:
    return LineBreaker(Fonts(), breaker)


def texts_of(paragraph: Paragraph, width: float, runs: list[TextRun]) -> list[str]:
    """The lines as text, found again by the widths of the words."""
    whole = "".join(run.text for run in runs)
    found: list[str] = []
    at = 0
    for line in paragraph.lines(width):
        digits = sum(len(codes) for piece in line.pieces for _, codes in piece.text.codes) // 4
        end, seen = at, 0
        face = paragraph._setter.fonts.regular
        for cluster in face.clusters(whole[at:])[:digits]:
            end += len(cluster)
            seen += 1
        assert seen == digits
        found.append(whole[at:end])
        at = end
    assert at == len(whole)
    return found


def broken(text: str, width: float, style: ParagraphStyle | None = None) -> list[str]:
    return texts_of(Paragraph(setter(), text, style or ParagraphStyle(10)), width, [TextRun(text)])


@pytest.mark.parametrize("width", range(40, 400, 9))
def test_no_line_breaks_inside_a_word_or_before_a_closing_sign(width: int) -> None:
    lines = broken(LONG, width)
    assert "".join(lines) == LONG
    words = setter()._cut(LONG)
    starts = {sum(map(len, words[:at])) for at in range(len(words) + 1)}
    wide = {word for word in words if setter().fonts.regular.encode(word).width * 10 > width}
    at = 0
    for line in lines[:-1]:
        at += len(line)
        assert at in starts or any(at in range(LONG.index(word), LONG.index(word) + len(word)) for word in wide)
    for line in lines[1:]:
        assert line[0] not in NEVER_FIRST + ")”%.,:;" and not line.startswith(("ๆ", " ๆ"))
    for line in lines[:-1]:
        assert line.rstrip()[-1] not in "(“"


@pytest.mark.parametrize("held", ["ต่าง ๆ", "แผน ฯลฯ", "พ.ศ. 2568", "พ.ศ. ๒๕๖๘", "(จังหวัด)", "จังหวัดฯ", "12.5%"])
def test_these_stay_on_one_line(held: str) -> None:
    for width in range(60, 200, 2):
        assert any(held in line for line in broken("จังหวัดน้ำ " * 3 + held + " ของจังหวัด", width))


URL = "https://data.go.th/dataset/abcdefghijkl/mnopqrstuv-wxyz/directory/very-long.name.aspx?id=123&first=a"


@pytest.mark.parametrize("width", range(90, 400, 13))
@pytest.mark.parametrize("around", ["%s", "ดูที่ %s ต่อ", "(%s)"])
def test_an_address_is_broken_after_a_sign_only(width: int, around: str) -> None:
    for line in broken(around % URL, width)[:-1]:
        assert line.endswith(tuple("/?&=.- ")), line
        assert not line.endswith("https:/")


def test_a_long_name_of_a_file_is_broken_after_a_sign() -> None:
    name = "quarterly_report-2568_final.version.signed_by_governor.pdf"
    for width in range(90, 250, 7):
        assert all(line[-1] in "_-." for line in broken(name, width)[:-1])


def test_a_line_ends_at_a_space_rather_than_between_words() -> None:
    text = "จังหวัดเชียงใหม่ได้ดำเนินการ มีแผนงานและงบประมาณ"
    fitting = {line for width in range(120, 140) for line in broken(text, width)[:1]}
    assert fitting == {"จังหวัดเชียงใหม่ได้ดำเนินการ "}


@pytest.mark.parametrize("held", ["มาตรา 39", "5 ครั้ง"])
def test_a_number_stays_with_its_word_where_it_can(held: str) -> None:
    for width in range(120, 240, 5):
        assert any(held in line for line in broken(f"จังหวัด น้ำ ดี และ {held} ของ จังหวัด น้ำ ดี", width))


@given(text=st.text(alphabet=[*map(chr, range(0x0E01, 0x0E5C)), *' \n()“”"/.-%aZ1@:😀'], max_size=200))
@settings(max_examples=150, deadline=None)
def test_lines_hold_all_of_the_text_within_the_width(text: str) -> None:
    style = ParagraphStyle(10)
    lines = Paragraph(setter(), text, style).lines(90)
    assert all(line.width <= 90 + 1e-6 or len(line.pieces) == 1 for line in lines)
    fonts = Fonts()
    inked = sum(piece.width for line in lines for piece in line.pieces)
    whole = sum(fonts.regular.encode(row).width * 10 for row in text.replace("\r\n", "\n").splitlines())
    assert inked == pytest.approx(whole)


def test_input_without_a_break_is_cut_between_clusters() -> None:
    lines = broken("กำ้" * 400 + "x" * 900, 120)
    assert len(lines) > 50
    assert all(line[0] not in NEVER_FIRST for line in lines)


def test_a_word_across_looks_stays_whole() -> None:
    runs = [TextRun("กระทรวงมหาด"), TextRun("ไทย", bold=True), TextRun("และจังหวัด")]
    paragraph = Paragraph(setter(), runs, ParagraphStyle(10))
    whole = paragraph.lines(500)[0]
    word = sum(piece.width for piece in whole.pieces[:2])
    parted = 0
    for width in range(20, 150, 3):
        lines = paragraph.lines(width)
        assert sum(line.width for line in lines) == pytest.approx(whole.width)
        if width >= word:
            assert not any(line.pieces[0].bold for line in lines)
            parted += len(lines) > 1
        for before, after in pairwise(lines):
            if before.width < width and after.pieces and after.pieces[0].bold:
                assert before.width + after.pieces[0].width > width or len(before.pieces) == 0
    assert parted, "the line was broken elsewhere, where the word has space"


def test_lines_are_high_enough_for_thai_marks() -> None:
    assert ParagraphStyle(10, leading=1.0).line_height == ParagraphStyle(10).line_height == 16
    assert Paragraph(setter(), [TextRun("ก"), TextRun("ข", size=20)], ParagraphStyle(10)).line_height == 32


def test_a_long_label_pushes_only_the_first_line_in() -> None:
    plain = Paragraph(setter(), LONG, ParagraphStyle(10, hang=20))
    pushed = Paragraph(setter(), LONG, ParagraphStyle(10, hang=20), label="P2.2.1.1 ข้อย่อย")
    first, second = plain.lines(220)[0], pushed.lines(220)[0]
    assert second.width < first.width - 30
    assert max(line.width for line in pushed.lines(220)[1:]) > second.width


@given(lines=st.integers(1, 60), fitting=st.integers(0, 80), forced=st.booleans())
def test_no_line_is_left_alone_unless_the_page_is_too_small(lines: int, fitting: int, forced: bool) -> None:
    if fitting >= lines:
        return
    at = parting(lines, fitting, forced)
    if at and not forced:
        assert at >= 2 and lines - at >= 2 and at <= fitting
    elif forced and lines > 1:
        assert 0 < at < lines


def test_parts_of_a_paragraph_are_the_paragraph() -> None:
    chance = random.Random(3)
    for _ in range(300):
        paragraph = Paragraph(setter(), LONG * chance.randint(1, 3), ParagraphStyle(chance.uniform(6, 20)))
        width = chance.uniform(30, 500)
        seen, rest = [], paragraph
        while True:
            space = chance.uniform(0, 300)
            parts = rest.split(width, space, True) if rest.height(width) > space else None
            first, rest = parts or (rest, None)
            assert first.height(width) <= max(space, paragraph.line_height) + 1e-6 or parts is None
            seen.append(
                (first.start, first.end) if isinstance(first, ParagraphSlice) else (0, len(paragraph.lines(width)))
            )
            if rest is None:
                break
        assert seen[0][0] == 0 and seen[-1][1] == len(paragraph.lines(width))
        assert all(before[1] == after[0] for before, after in pairwise(seen))
