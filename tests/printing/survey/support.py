"""What the tests of the survey's print share: printing a state, and reading the file without frame and spaces."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from functools import cache

import pypdf

from dgdesk.printing.document import Printed
from dgdesk.printing.survey.choices import PrintChoices
from dgdesk.printing.survey.context import PrintSource
from dgdesk.printing.survey.document import print_survey
from dgdesk.printing.survey.evidence import file_numbers
from dgdesk.survey.definition.texts import texts_of
from dgdesk.survey.respondents import ISO_3166_2, Respondent
from dgdesk.survey.rules.state import Rules, State
from dgdesk.text.messages import Catalogue, load_catalogue
from printing.extracting import by_pdftotext

CLAIMED = datetime(2025, 8, 1, 10, 32, tzinfo=timezone(timedelta(hours=7)))
DIGEST = "0123456789abcdef" * 4
_FRAME = re.compile(
    r"(?:ร่าง\s*)?(?:แบบสำรวจระดับความพร้อม[^\n·]*2568(?:\s*·\s*จังหวัดเชียงใหม่)?\s*\n[^\n]{0,120}\n)?\s*"
    r"(?:รหัสตรวจสอบคำตอบ\s*(?:[0-9a-f]{4}\s*){4}|ระดับจังหวัด\s*พ\.ศ\.\s*[0-9๐-๙]{4}\s*)·[^·]{0,60}?"
    r"หน้า[ \u00a0]*[0-9๐-๙]+[ \u00a0]*จาก[ \u00a0]*[0-9๐-๙]+(?:\s*ลายมือชื่อกำกับ)?"
)


CHIANG_MAI = Respondent(ISO_3166_2, "TH-50", "เชียงใหม่")
_CONTINUED = re.compile(r"^[ \f]*\(ต่อ\) [^\n]*\n", re.MULTILINE)


@cache
def catalogue() -> Catalogue:
    return load_catalogue()


def source(rules: Rules, state: State | None, digest: str | None = DIGEST) -> PrintSource:
    numbers = {} if state is None else file_numbers(rules.form, state)
    return PrintSource(rules, state, CLAIMED, None if state is None else CHIANG_MAI, numbers, digest)


def printed(
    rules: Rules, state: State | None, choices: PrintChoices | None = None, digest: str | None = DIGEST
) -> Printed:
    return print_survey(source(rules, state, digest), choices or PrintChoices(), catalogue())


def bare(text: str) -> str:
    """Text without white space and marks of options, as it can be compared whatever the lines are."""
    return re.sub(r"[\s○◉☐☑\u00a0\u200b\ufeff\ufffe]+", "", text)


def read(data: bytes, reader: Callable[[bytes], str] = by_pdftotext) -> str:
    """All text of a print but for what its frame says."""
    return bare(without_continued(without_frame(reader(data))))


def without_frame(text: str) -> str:
    """Extracted text without heads and feet of pages."""
    return _FRAME.sub(" ", text)


def without_continued(text: str) -> str:
    """Extracted text without the lines that name a question again where its rest begins a page."""
    return _CONTINUED.sub("", text)


def pages_of(data: bytes) -> list[str]:
    """The text of every page, in single spaces."""
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def missing(rules: Rules, text: str) -> list[str]:
    """The texts of the form that a print lacks; a blank takes the place of the list of provinces, as on the form."""
    provinces = {option.label for option in rules.form.node("general.province").field.options}
    texts = (one for one in texts_of(rules.form.definition) if one not in provinces)
    return [one for one in texts if bare(re.sub(r"^(G[0-9]) ", r"\1. ", one)) not in text]


def missing_in_used_rows(rules: Rules, text: str) -> list[str]:
    """As `missing`, without rows of tables that are not used: a line counts them, and the first row has their words."""
    every = set(texts_of(rules.form.definition))
    return [
        one
        for one in missing(rules, text)
        if (first := _NUMBER.sub("1", one)) == one or first not in every or bare(first) not in text
    ]


_NUMBER = re.compile(r"^[2-9](?=\.)")
