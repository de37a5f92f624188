"""Prints the overview, or saves it as a PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QWidget

from dgdesk.printing.listing import Listing, ListingTexts, print_listing
from dgdesk.survey.rules.evidence_overview import LEFT, SORT_KEYS, OverviewRow, SortKey
from dgdesk.system.atomic import atomic_write
from dgdesk.system.causes import why_not_written
from dgdesk.text.dates import time_text
from dgdesk.ui.evidence.overview.wording import fact
from dgdesk.ui.widgets.printer import print_content
from dgdesk.ui.widgets.saving import choose_target
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.texts import NEW_LINE

_WIDTHS: Final[Mapping[SortKey, float]] = {
    "code": 17,
    "question": 80,
    "asked": 36,
    "files": 60,
    "size": 16,
    "marks": 23,
    "state": 25,
    "points": 18,
}
"""Column widths as shares of the sheet; in millimetres of A4 landscape."""


def pdf_of(services: Services, rows: Sequence[OverviewRow], respondent: str, counts: str) -> bytes:
    """Return rows as a PDF with today's date; ``counts`` is the sentence that sums them up."""
    texts, say = services.texts, services.texts.say
    now = services.clock()
    title = say("ui.overview.paper.title")
    whose = respondent
    printed = say("ui.overview.paper.printed", when=time_text(now, texts.catalogue.language))

    def cell(row: OverviewRow, key: SortKey) -> ListingTexts:
        strong = key == "code" or (key == "state" and row.state in LEFT)
        return ListingTexts(fact(texts, row, key).replace(NEW_LINE, "\n"), strong)

    listing = Listing(
        title=title,
        notes=(" · ".join(filter(None, (whose, printed))), counts),
        foot=" · ".join(filter(None, (title, whose))),
        page=lambda page, pages: say("ui.overview.paper.page", page=page, pages=pages),
        widths=[_WIDTHS[key] for key in SORT_KEYS],
        heads=[say(f"ui.overview.column.{key}") for key in SORT_KEYS],
        rows=[[cell(row, key) for key in SORT_KEYS] for row in rows],
    )
    return print_listing(listing, now, texts.breaker).data


def print_overview(
    parent: QWidget, services: Services, rows: Sequence[OverviewRow], respondent: str, counts: str
) -> str:
    """Let the user choose a printer and print; return the message to show, empty if nothing was printed.

    Errors are shown in a message box.
    """
    say = services.texts.say
    content = pdf_of(services, rows, respondent, counts)
    done = print_content(content, say("ui.overview.title"), services.texts, parent)
    return say("ui.overview.paper.printed_done") if done else ""


def save_overview(
    parent: QWidget, services: Services, rows: Sequence[OverviewRow], respondent: str, counts: str
) -> str:
    """Let the user choose a file and save a PDF; return the message to show.

    Raises:
        FileError: ``overview.unwritable``.
    """
    say = services.texts.say
    suggested = say("ui.overview.paper.name")
    title, kinds = say("ui.overview.save_pdf"), say("ui.overview.paper.files")
    chosen = choose_target(services.texts, parent, "print", title, suggested, kinds, "pdf")
    if chosen is None:
        return ""
    save_pdf(chosen.path, pdf_of(services, rows, respondent, counts), replace=bool(chosen.replace))
    return say("ui.overview.paper.saved", name=chosen.path.name)


def save_pdf(path: Path, content: bytes, *, replace: bool = False) -> None:
    """Write a PDF atomically; with ``replace`` in place of another.

    Raises:
        FileError: ``overview.unwritable``; as `atomic_file`.
    """
    atomic_write(
        path,
        content,
        replace=replace,
        kind="pdf",
        explain=lambda error, at: why_not_written(error, at, "overview.unwritable"),
    )
