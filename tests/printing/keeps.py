"""Measures on the finished PDF what its pages keep together and how full they are.

    python tests/printing/keeps.py            (in the project's environment, from its root)

Prints a line for each of: everything answered and proven; the same in large print; the blank form; a nearly empty
draft; and a draft with over 300 files, twelve of them with long key passages in each cell of a table. Only the file is
read: its pages as pictures and as text. `test_keeps` holds the figures to their bounds.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[2] / "src"), str(Path(__file__).parents[1])]

import pypdfium2

from dgdesk.printing.document import SheetSize
from dgdesk.printing.survey.choices import PrintChoices
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.survey.definition.form import Node
from dgdesk.survey.rules.state import Rules, State
from printing.extracting import by_pdftotext
from printing.survey.support import printed, without_frame
from scenario import Scenario, real_rules

SHEET = SheetSize()
FULL = 0.6
SHORT = 20
_MARK = "[○◉☐☑]"
_SPACES = re.compile(r"[\s\u00a0\u200b]+")
_CONTINUED = re.compile(r"^\(ต่อ\)[^\n]*(?:\n|$)", re.MULTILINE)


@dataclass(frozen=True)
class Measured:
    """What was found in one print. Page numbers begin with 1."""

    pages: int
    fills: dict[int, float]
    """How full each page is that the next one continues: 0 to 1."""
    unnamed: list[int]
    """Pages that begin within a question without saying in which."""
    lone: list[int]
    """Pages that begin with a lone "(แนบ…)"."""
    off_question: list[str]
    """Questions whose first option is on a later page."""
    parted: list[str]
    """Choices in which nothing is open and that have up to `SHORT` lines, on more than one page."""
    choices: int = 0
    thin: list[int] = field(default_factory=list)

    @property
    def mean(self) -> float:
        """How full the pages are on average."""
        return sum(self.fills.values()) / max(1, len(self.fills))


def measure(data: bytes, rules: Rules, state: State | None) -> Measured:
    """Measure a print of the form; ``state`` is None for a blank one."""
    raw = by_pdftotext(data).removesuffix("\f").split("\f")
    texts = [without_frame(page).strip() for page in raw]
    begins = _beginnings(rules)
    fills = {
        number: fill
        for number, fill in enumerate(_fills(data), start=1)
        if 1 < number < len(texts) and not _squeezed(texts[number]).startswith(begins.parts)
    }
    unnamed = [
        number
        for number, text in enumerate(texts, start=1)
        if number > 1 and not _squeezed(text).startswith((*begins.parts, *begins.headings, "(ต่อ)", *_TABLES))
    ]
    lone = [
        number
        for number, text in enumerate(texts, start=1)
        if (rest := _CONTINUED.sub("", text, count=1).strip()).startswith("(แนบ") and _is_short(rest)
    ]
    counted, off, parted = _choices([_CONTINUED.sub("", text) for text in texts], rules, state)
    thin = [number for number, fill in fills.items() if fill < FULL]
    return Measured(len(texts), fills, unnamed, lone, off, parted, counted, thin)


# The evidence index and the table of indicators go on with their heads; why a question is not asked names it.
_TABLES = ("เลขที่ไฟล์", "ตัวชี้วัด", "จังหวัดหมายถึง", "ต้องตอบข้อ")


@dataclass(frozen=True)
class _Begins:
    parts: tuple[str, ...]
    headings: tuple[str, ...]


def _beginnings(rules: Rules) -> _Begins:
    """The texts with which a page may begin: parts of the print, headings, and questions with their codes."""
    definition = rules.form.definition
    parts = [section.title for section in definition.sections] + ["ดัชนีหลักฐาน", "ใบคะแนน", *_PILLARS]
    headings = [title for section in definition.sections for page in section.pages for title, _ in page.headed()]
    headings += [
        f"{node.field.code}{stop} {node.field.label}"
        for node in rules.form.nodes
        for stop in (("", ".") if node.field.code else ())
    ]
    headings += [pillar.heading for pillar in definition.indicators.pillars]
    headings += [item.label for section in definition.sections for page in section.pages for item in page.items]
    return _Begins(tuple(map(_squeezed, parts)), tuple(_squeezed(one)[:24] for one in headings if one))


_PILLARS = ("ตัวชี้วัดที่ 1 ",)


def _squeezed(text: str) -> str:
    return _SPACES.sub("", text)


def _is_short(text: str) -> bool:
    """Whether the first line is the whole of "(แนบ…)" and what follows is no evidence of it."""
    lines = [line.strip() for line in text.splitlines()]
    return len(lines) < 2 or re.match(r"E\d{4}", lines[1]) is None


def _fills(data: bytes) -> Iterator[float]:
    """How far down the ink reaches on each page, between the margins."""
    document = pypdfium2.PdfDocument(data)
    try:
        for page in document:
            image = page.render(scale=1, grayscale=True).to_pil().convert("L").point(lambda shade: 255 * (shade < 200))
            box = image.crop((0, int(SHEET.top), image.width, int(SHEET.height - SHEET.foot))).getbbox()
            yield (box[3] if box else 0) / SHEET.inner_height
    finally:
        document.close()


def _choices(pages: Sequence[str], rules: Rules, state: State | None) -> tuple[int, list[str], list[str]]:
    """Follow the choices in printed order through the text: how many there are, and those that pages part."""
    text = "".join(map(_squeezed, pages))
    starts = [0]
    lines: list[int] = []
    for page in pages:
        for line in page.splitlines():
            lines.append((lines[-1] if lines else 0) + len(_squeezed(line)))
        starts.append(starts[-1] + len(_squeezed(page)))
    at, counted = 0, 0
    off: list[str] = []
    parted: list[str] = []
    for position, node in enumerate(rules.form.nodes):
        if node.kind not in ("single", "multiple") or not node.field.options or len(node.field.options) > 15:
            continue
        head = text.find(_squeezed(f"{node.field.code or ''}{node.field.label}"), at) if node.field.label else -1
        if head < 0:
            continue
        found = _options(text, head, node)
        if found is None:
            continue
        counted += 1
        at = head + 1
        name = f"{node.address} (page {_page(starts, head)})"
        if _page(starts, found[0]) != _page(starts, head):
            off.append(name)
        elif len({_page(starts, one) for one in found}) > 1 and not _opened(node, position, rules, state):
            long = bisect_right(lines, found[-1]) - bisect_right(lines, head) > SHORT
            parted += [] if long else [name]
    return counted, off, parted


def _options(text: str, head: int, node: Node) -> list[int] | None:
    """Where the options stand after the heading; None if they do not stand there as the form has them."""
    found: list[int] = []
    at = head
    for option in node.field.options:
        label = re.escape(_squeezed(f"{option.code or ''}{option.label}"))
        match = re.compile(_MARK + label).search(text, at, at + 12_000)
        if match is None:
            return None
        found.append(match.start())
        at = match.end()
    return found


def _opened(node: Node, position: int, rules: Rules, state: State | None) -> bool:
    """Whether something is to be filled in, or attached, below one of the options."""
    if state is None:
        return any(option.fields or option.evidence or option.notes for option in node.field.options)
    children = rules.form.children(position)
    chosen = state.facts.answers.get(node.address)
    opened = any(state.shown[child] for child in children)
    names = chosen if isinstance(chosen, tuple) else (chosen,)
    attached = any(state.facts.evidence.get(f"{node.address}/{name}") for name in names)
    return opened or attached


def _page(starts: Sequence[int], at: int) -> int:
    return bisect_right(starts, at)


LONG = "ใจความสำคัญของเอกสารนี้อยู่ที่ย่อหน้าแรกของหน้าที่สอง ซึ่งกล่าวถึงแผนงานและผลการดำเนินงานของจังหวัดในปีที่ผ่านมา"


def stress(rules: Rules) -> State:
    """Over 300 files: twelve with a passage of two lines at every cell of a table, two everywhere else."""
    scenario = Scenario(rules).fill().prove()
    number = 0
    for slot in scenario.asked_slots():
        in_table = rules.form.node(rules.form.nodes[rules.form.slots[slot].node].address).row is not None
        files = []
        for _ in range(12 if in_table else 2):
            number += 1
            name = f"หลักฐานประกอบการตอบแบบสำรวจ ฉบับที่ {number}.pdf"
            files.append(Attachment(f"{number:064x}", name, 9_000 + number, "application/pdf", "2", LONG))
        scenario.attach(slot, *files)
    return scenario.state


def nearly_empty(rules: Rules) -> State:
    """A draft with its province and two answers."""
    return Scenario(rules).answers(general_province="TH-22", g1="yes").answer("g2", "no").state


PRINTS: dict[str, tuple[Callable[[Rules], State | None], PrintChoices]] = {
    "full": (lambda rules: Scenario(rules).fill().prove().state, PrintChoices()),
    "large": (lambda rules: Scenario(rules).fill().prove().state, PrintChoices(large=True)),
    "blank": (lambda rules: None, PrintChoices("blank")),
    "nearly empty": (nearly_empty, PrintChoices()),
    "stress": (stress, PrintChoices()),
}


def main() -> None:
    """Print the figures of every print."""
    rules = real_rules()
    for name, (make, choices) in PRINTS.items():
        state = make(rules)
        found = measure(printed(rules, state, choices).data, rules, state)
        least = min(found.fills, key=lambda page: found.fills[page])
        print(
            f"{name}: {found.pages} pages, filled {found.mean:.0%}, least {found.fills[least]:.0%} (page {least}); "
            f"under {FULL:.0%}: {found.thin}; not named: {found.unnamed}; lone (แนบ…): {found.lone}; "
            f"{found.choices} choices, off their question: {found.off_question}, parted: {found.parted}"
        )


if __name__ == "__main__":
    main()
