"""Lines break between words and nowhere else; what is shown is, without U+200B, what was given."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.draft.drafts import load_forms
from dgdesk.resources import resource
from dgdesk.survey.definition.texts import texts_of
from dgdesk.text.breaks import DictionaryBreaker, WordBreaker, breakable, plain, read_terms, thai_breaker
from dgdesk.text.clusters import LEADING, NEVER_FIRST, THAI_RUN, broken
from dgdesk.text.messages import load_catalogue
from spaces import SpaceBreaker

BREAKER = thai_breaker()
TERMS = read_terms(resource("i18n/terms.txt"))
CUTS = [tuple(line.split("|")) for line in read_terms(resource("i18n/cuts.txt"))]
READ_WELL = {("ไม่", "มีชื่อ"), ("หน้า", "ที่มา")}
"""Pairs of words that could be parted elsewhere into two more usual ones, and should not."""
MIXED = st.text(alphabet=[*map(chr, range(0x0E01, 0x0E5C)), *' \n()“”"/.-%aZ1@:\u200b'])
GOLDEN = json.loads((Path(__file__).parent / "breaks.json").read_text(encoding="utf-8"))


def cut(text: str) -> str:
    return "|".join(BREAKER.segments(text))


@pytest.mark.parametrize("expected", GOLDEN)
def test_sentences_of_the_survey_break_as_a_reader_would(expected: str) -> None:
    assert cut(expected.replace("|", "")) == expected


@pytest.mark.parametrize("term", TERMS)
def test_a_term_stays_whole_between_other_words(term: str) -> None:
    assert cut("การ" + term.replace("|", "") + "และ") == f"การ|{term}|และ"


def better_parted(first: str, second: str, used: Counter[str], words: frozenset[str]) -> tuple[str, str] | None:
    """Return the same letters as two words of the dictionary that are both used more than twice as often."""
    whole, least = first + second, 2 * min(used[first], used[second])
    for at in range(2, len(whole) - 1):
        parted = whole[:at], whole[at:]
        if at != len(first) and {*parted} <= words and min(map(used.__getitem__, parted)) > least:
            return parted
    return None


def test_a_usual_word_is_not_torn_for_a_rare_one_beside_it() -> None:
    """The dictionary takes "จา|กราย" for "จาก|ราย"; after a failure a term says how two words are parted."""
    words = frozenset(read_terms(resource("i18n/words.txt")))
    used = Counter(word for cut in CUTS for word in cut)
    torn = {pair: better_parted(*pair, used, words) for cut in CUTS for pair in pairwise(cut)}
    assert {pair for pair, better in torn.items() if better} == READ_WELL
    assert better_parted("จา", "กราย", used, words) == ("จาก", "ราย")


def test_terms_are_correct_thai_long_enough_and_each_stated_once() -> None:
    bare = [term.replace("|", "") for term in TERMS]
    assert len(set(bare)) == len(bare) > 50
    assert [term for term in bare if broken(term)] == []
    assert [term for term in bare if len(term) < 4] == []
    assert {"ตัวชี้วัด", "จังหวัด", "ธรรมาภิบาล", "ปัญญาประดิษฐ์", "ภาครัฐ", "ไซเบอร์"} <= set(bare)


def test_a_longer_term_guards_against_a_shorter_one() -> None:
    assert cut("ภาครัฐ") == "ภาครัฐ"
    assert cut("ภาครัฐบาล") == "ภาค|รัฐบาล"


@pytest.mark.parametrize(
    "whole",
    [
        *("e-Office", "1,234.50", "2566-2570", "PCIO", "https://data.go.th/dataset/ข้อมูลเปิด?x=1", "www.สพร.ไทย/ก"),
        *("a.b@example.go.th", "P2.2.1.1a", "(PDPA)", "“จังหวัด”", "(จังหวัด)", "[จังหวัด]", "ฯลฯ", "กทม.", "อปท.", "พ.ศ."),
        *("๒๕๖๘", "๑๐/๒๕๖๘", "12%", "ตัวชี้วัด:", "จังหวัดๆ", "จังหวัดฯ", "G4.1)", "ไซเบอร์!"),
    ],
)
def test_these_are_never_broken(whole: str) -> None:
    assert BREAKER.segments(whole) == (whole,)


def test_thai_may_part_from_latin_and_numbers_and_after_a_slash() -> None:
    assert cut("ระบบGDCCของจังหวัด") == "ระบบ|GDCC|ของ|จังหวัด"
    assert cut("ปีละ2ครั้ง") == "ปี|ละ|2|ครั้ง"
    assert cut("จังหวัด/หน่วยงาน") == "จังหวัด/|หน่วยงาน"
    assert cut("จังหวัด(Province)และ") == "จังหวัด|(Province)|และ"


def test_white_space_stands_alone() -> None:
    assert BREAKER.segments("ต่าง ๆ  และ\nอื่น ๆ") == ("ต่าง", " ", "ๆ", "  ", "และ", "\n", "อื่น", " ", "ๆ")


def test_a_lone_letter_is_no_word() -> None:
    assert all(len(part) > 1 for part in BREAKER.segments("นายสมชายยยงงศักดิ์"))
    assert cut("ประชุมณจังหวัด") == "ประชุม|ณ|จังหวัด"


@given(MIXED)
def test_segments_joined_are_the_text_and_never_tear_a_cluster(text: str) -> None:
    parts = BREAKER.segments(text)
    assert "".join(parts) == text
    for before, after in pairwise(parts):
        if not before[-1].isspace() and not after[0].isspace():
            assert after[0] not in NEVER_FIRST + ")”.%"
            assert before[-1] not in LEADING + "(“"


@given(MIXED, st.sampled_from([BREAKER, SpaceBreaker()]))
def test_shown_text_without_its_marks_is_the_text(text: str, breaker: WordBreaker) -> None:
    shown = breakable(text, breaker)
    assert plain(shown) == plain(text)
    assert breakable(shown, breaker) == shown
    assert "\u200b\u200b" not in shown and not shown.startswith("\u200b") and not shown.endswith("\u200b")


def test_marks_stand_only_where_no_space_does() -> None:
    assert breakable("ข้อมูล เปิดภาครัฐ", BREAKER) == "ข้อมูล เปิด\u200bภาครัฐ"


def test_a_very_long_run_is_cut_like_a_short_one() -> None:
    sentence = "".join(part for line in GOLDEN for part in line.split("|") if part.isalpha() or not part.isascii())
    words = "จังหวัดได้ดำเนินการตามแนวทางธรรมาภิบาลข้อมูลภาครัฐ" * 200
    assert "".join(BREAKER.segments(sentence * 3)) == sentence * 3
    once = BREAKER.segments("จังหวัดได้ดำเนินการตามแนวทางธรรมาภิบาลข้อมูลภาครัฐ")
    assert BREAKER.segments(words) == once * 200
    bare = DictionaryBreaker(resource("i18n/words.txt"))
    assert bare.segments("กระดาษและดินสอ" * 300) == bare.segments("กระดาษและดินสอ") * 300


def test_many_threads_may_ask_at_once() -> None:
    breakers = [thai_breaker() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        cuts = list(pool.map(lambda each: each.segments("การคุ้มครองข้อมูลส่วนบุคคล"), breakers))
    assert set(cuts) == {("การ", "คุ้มครอง", "ข้อมูล", "ส่วน", "บุคคล")}


def test_a_dictionary_may_lie_under_a_thai_name(thai_path: Path) -> None:
    words = thai_path / "คำ.txt"
    words.write_text("# หมายเหตุ\nแมว\nกินปลา\n", encoding="utf-8")
    assert DictionaryBreaker(words).segments("แมวกินปลา") == ("แมว", "กินปลา")
    assert DictionaryBreaker(words, ["แมวกิน"]).segments("แมวกินปลา")[0] == "แมวกิน"


def test_what_is_cut_beforehand_is_what_the_dictionary_says() -> None:
    """If this fails, a word, a term or the rules were changed: run build/cuts.py."""
    breaker = DictionaryBreaker(resource("i18n/words.txt"), read_terms(resource("i18n/terms.txt")))
    for line in read_terms(resource("i18n/cuts.txt")):
        assert line == "|".join(breaker.words_of(line.replace("|", "")))


def test_texts_cut_beforehand_need_no_dictionary(tmp_path: Path) -> None:
    cuts = tmp_path / "cuts.txt"
    cuts.write_text("# remark\nข้อมูล|เปิด\nเปิด\n", encoding="utf-8")
    breaker = DictionaryBreaker(tmp_path / "missing.txt", cuts=cuts)
    assert breaker.segments("ข้อมูลเปิด (เปิด) # remark") == ("ข้อมูล", "เปิด", " ", "(เปิด)", " ", "#", " ", "remark")
    with pytest.raises(OSError, match=r"missing\.txt"):
        breaker.segments("ข้อมูลเปิดใหม่")


def test_nearly_all_texts_of_the_form_are_cut_beforehand() -> None:
    """If this fails, texts were changed and a print takes longer than it has to: run build/cuts.py."""
    known = {line.replace("|", "") for line in read_terms(resource("i18n/cuts.txt"))}
    runs = {run for form in load_forms() for text in texts_of(form.definition) for run in THAI_RUN.findall(text)}
    assert len(runs - known) <= len(runs) / 20


def test_sentences_about_respondents_are_cut_with_the_editions_word() -> None:
    """The start page shows some of them: without the cut it would load the dictionary, 27 MB."""
    known = {line.replace("|", "") for line in read_terms(resource("i18n/cuts.txt"))}
    sentences = [each["th"] for each in load_catalogue().messages.values() if "{called}" in each["th"]]
    runs = {run for each in sentences for run in THAI_RUN.findall(each.replace("{called}", "จังหวัด"))}
    assert len(sentences) >= 5 and runs <= known


@pytest.mark.parametrize(
    "text",
    ["เวลา 07:41 น. วันนี้", "เวลา ๐๗.๔๑ น.", "พ.ศ. 2569", "(พ.ศ. ๒๕๖๙)", "ค.ศ. 2026", "อื่น ๆ", "ต่าง ๆ และ อื่น ๆ", "ก ฯลฯ"],
)
def test_what_is_held_together_has_a_space_that_does_not_break(text: str) -> None:
    shown = breakable(text, BREAKER)
    held = [at for at, char in enumerate(shown) if char == "\u00a0"]
    assert held and all(shown[at + 1] in "น๑๒๓๔๕๖๗๘๙0123456789ๆฯ" for at in held)
    assert plain(shown) == text


@pytest.mark.parametrize("text", ["5 นาย", "มาตรา 39", "พ.ศ. ใหม่", "น. 07:41", "ปี 2569 นั้น", "ก\u00a0ข"])
def test_other_spaces_may_end_a_line_and_those_of_a_person_stay(text: str) -> None:
    assert breakable(text, BREAKER).count("\u00a0") == text.count("\u00a0") and plain(breakable(text, BREAKER)) == text


def test_a_missing_dictionary_is_an_error_that_can_be_caught(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        DictionaryBreaker(tmp_path / "none.txt").segments("จังหวัดน่าน")


def test_importing_these_modules_loads_nothing_heavy() -> None:
    code = (
        "import sys; from dgdesk.text import breaks, clusters, contacts, dates, digits, normalise\n"
        "breaks.thai_breaker()\n"
        "print(sorted({'nlpo3', 'PySide6', 'pydantic', 'sqlalchemy', 'yaml', 'reportlab'} & set(sys.modules)))"
    )
    source = str(Path(breakable.__code__.co_filename).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": source}, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
