"""A loose page names itself: survey, province and section in its head, a code that sorts scans; and its margins."""

from __future__ import annotations

import io

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from dgdesk.bundle.qr import PageCode, read_page
from dgdesk.printing.page_code import page_text
from dgdesk.printing.survey.choices import PrintChoices, Variant
from dgdesk.survey.rules.state import Rules
from printing.survey.support import DIGEST, pages_of, printed
from scenario import Scenario


def scanned(data: bytes, page: int, turn: float = 1.5, blur: float = 0.8) -> Image.Image:
    """A page as an office scanner gives it: 150 dpi, a little turned and blurred, and saved as a poor JPEG."""
    document = pypdfium2.PdfDocument(data)
    try:
        image = document[page].render(scale=150 / 72, grayscale=True).to_pil().convert("L")
    finally:
        document.close()
    stream = io.BytesIO()
    image.rotate(turn, Image.Resampling.BICUBIC, fillcolor=255).filter(ImageFilter.GaussianBlur(blur)).save(
        stream, "JPEG", quality=50
    )
    return Image.open(stream)


def codes(image: Image.Image) -> list[PageCode]:
    return [code for one in zxingcpp.read_barcodes(image) if (code := read_page(one.text)) is not None]


def test_every_page_but_the_cover_names_survey_province_and_section(rules: Rules, filled: Scenario) -> None:
    title = rules.form.definition.title
    texts = pages_of(printed(rules, filled.state).data)
    assert texts[0].count(title) == 1
    assert all(f"{title} · จังหวัดเชียงใหม่" in text for text in texts[1:])
    own = {section.id: section.title for section in rules.form.definition.sections}
    at = next(number for number, text in enumerate(texts) if number and own["p3"] in text)
    assert own["p2"] in texts[at] and own["p3"] in texts[at + 1], "a section that begins in the middle is named next"


@pytest.mark.parametrize("large", [False, True])
def test_a_page_that_a_part_begins_names_that_part(rules: Rules, filled: Scenario, large: bool) -> None:
    parts = ["".join(section.title.split()) for section in rules.form.definition.sections] + ["ดัชนีหลักฐาน"]
    survey = "".join(f"{rules.form.definition.title}·จังหวัดเชียงใหม่".split())
    begun = 0
    for text in pages_of(printed(rules, filled.state, PrintChoices(large=large)).data)[1:]:
        contents, _, head = "".join(text.split()).rpartition(survey)  # the head is drawn last
        for part in parts:
            if contents.startswith(part) and contents[len(part)] != ".":  # no line of the contents
                begun += 1
                assert head.startswith(part), (part, head[:80])
    assert begun > 3


def test_a_section_printed_alone_names_the_survey(rules: Rules, filled: Scenario) -> None:
    for text in pages_of(printed(rules, filled.state, PrintChoices(section="p3")).data):
        assert rules.form.definition.title in text and "ส่วนที่ 3" in text


@pytest.mark.parametrize(
    ("choices", "name"),
    [
        (PrintChoices(), DIGEST[:16].upper()),
        (PrintChoices(section="p3"), f"{DIGEST[:16].upper()}.P3"),
        (PrintChoices("draft"), f"DRAFT.TH-50.{DIGEST[:8].upper()}"),
        (PrintChoices("answers"), f"ANSWERS.TH-50.{DIGEST[:8].upper()}"),
        (PrintChoices("blank", large=True), "BLANK.TH-PROVINCE-2568"),
    ],
)
def test_scans_of_pages_can_be_sorted_by_their_codes(
    rules: Rules, scenario: Scenario, choices: PrintChoices, name: str
) -> None:
    scenario.answers(general_province="TH-50")
    result = printed(rules, scenario.state, choices)
    for page in range(0, result.pages, 7):
        assert codes(scanned(result.data, page)) == [PageCode(name, page + 1, result.pages)], page


@pytest.mark.parametrize("turn", [-3.0, 0.0, 3.0])
def test_the_code_is_read_from_a_turned_scan(rules: Rules, scenario: Scenario, turn: float) -> None:
    result = printed(rules, scenario.state, PrintChoices(section="g"))
    assert codes(scanned(result.data, 0, turn))


@pytest.mark.parametrize("name", ["", "ก", "a", "A B", "A:B", "A" * 41])
def test_a_name_that_would_not_be_read_back_is_refused(name: str) -> None:
    with pytest.raises(ValueError):
        page_text(name, 1, 2)


@pytest.mark.parametrize("variant", ["final", "draft", "blank", "answers", "problems"])
def test_a_box_for_initials_only_by_choice(rules: Rules, scenario: Scenario, variant: Variant) -> None:
    scenario.answers(general_province="TH-50")
    with_box = pages_of(printed(rules, scenario.state, PrintChoices(variant, initials=True)).data)
    assert all(text.count("ลายมือชื่อกำกับ") == 1 for text in with_box)
    without = pages_of(printed(rules, scenario.state, PrintChoices(variant)).data)
    assert not any("ลายมือชื่อกำกับ" in text for text in without)


def left_edge(data: bytes, page: int) -> float:
    """Where the ink of a page begins, in mm: the rule in its foot."""
    document = pypdfium2.PdfDocument(data)
    try:
        image = (
            document[page]
            .render(scale=2, grayscale=True)
            .to_pil()
            .convert("L")
            .point(lambda shade: 255 * (shade < 128))
        )
    finally:
        document.close()
    box = image.convert("1").getbbox()
    assert box is not None
    return box[0] / 2 / 72 * 25.4


def test_margins_change_places_on_even_pages_of_a_print_on_both_sides(rules: Rules, scenario: Scenario) -> None:
    one_side = printed(rules, scenario.state, PrintChoices("draft", section="p1"))
    both = printed(rules, scenario.state, PrintChoices("draft", section="p1", duplex=True))
    assert one_side.pages == both.pages
    assert [round(left_edge(one_side.data, page)) for page in range(3)] == [25, 25, 25]
    assert [round(left_edge(both.data, page)) for page in range(3)] == [25, 20, 25]
