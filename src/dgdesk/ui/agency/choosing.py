"""The choice between several bundles of one respondent, of which none replaces the others."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from dgdesk.agency.verdicts import shown_names
from dgdesk.bundle.chains import Choice, choose
from dgdesk.text.dates import iso_time_text
from dgdesk.ui.agency.line_rows import RespondentLine
from dgdesk.ui.widgets.report_dialog import report
from dgdesk.ui.widgets.services import Services


def choose_head(services: Services, one: RespondentLine, window: QWidget) -> Choice | None:
    """Show the bundles that nothing replaces, and return the person's choice; None if there is none."""
    say, language, line = services.texts.say, services.texts.catalogue.language, one.line
    heads = line.chain.heads if line.chain is not None else ()
    if line.chain is None or len(heads) < 2:
        return None
    shown = shown_names([each.place for each in one.files])
    rows = []
    for head in heads:
        path = line.first_of(head)
        moment = head.fact.claimed_time
        rows.append(
            (
                shown.get(path, head.digest) if path is not None else head.digest,
                iso_time_text(moment.isoformat(), language) if moment is not None else "-",
                say("chain.number", number=head.fact.revision, reason=head.fact.reason or "-"),
                say(f"chain.outcome.{head.outcome}"),
            )
        )
    buttons = (say("ui.receiving.choose_this"), say("ui.cancel"))
    said = say("ui.receiving.choose_said", respondent=line.name)
    pressed, row = report(
        services, line.name, said, rows, buttons, "ui.receiving.what_choose", window, per_row=1, mark=""
    )
    if pressed != 0 or not 0 <= row < len(heads):
        return None
    return choose(line.chain, heads[row].digest)
