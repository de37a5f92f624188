"""One line for each respondent in the receiver's window, and the choice between several submissions of one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from dgdesk.agency.choices import read_choices, with_choice, write_choices
from dgdesk.agency.submission_rows import line_words, remarks
from dgdesk.agency.submissions import SubmissionLine, counted
from dgdesk.agency.verdicts import shown_names
from dgdesk.bundle.chains import Choice, choose
from dgdesk.errors import DgdeskError
from dgdesk.system.private import make_private_folder
from dgdesk.text.dates import iso_time_text
from dgdesk.ui.agency.entries import Inbox
from dgdesk.ui.widgets.dialogs import tell
from dgdesk.ui.widgets.report_dialog import report
from dgdesk.ui.widgets.services import Services


def kept_choices(path: Path) -> tuple[Choice, ...]:
    """Return the choices of earlier days; none if they cannot be read, and then every fork is shown again."""
    try:
        return read_choices(path)
    except (DgdeskError, OSError):
        return ()


def choose_between(services: Services, inbox: Inbox, window: QWidget) -> None:
    """Show the respondents until the person closes the list; keep each choice."""
    say, language = services.texts.say, services.texts.catalogue.language
    while True:
        # what needs a person comes first
        order = {"fork": 0, "drafts": 1, "current": 2, "not_yet": 3}
        lines = sorted(inbox.submissions, key=lambda line: order[line.state])
        shown = shown_names([one.path for one in inbox.entries])
        counts = {str(state): count for state, count in counted(lines).items()}
        said = say("chain.totals", total=len(lines), **counts)
        rows = [
            (
                f"{line.respondent} {line.name}",
                " · ".join(line_words(line, shown, say, language)),
                *(say(problem.code, **problem.values) for problem in remarks(line, shown)),
            )
            for line in lines
        ]
        buttons = (say("ui.receiving.choose_which"), say("ui.close"))
        pressed, row = report(
            services,
            say("ui.receiving.respondents"),
            said,
            rows,
            buttons,
            "ui.receiving.what_respondents",
            window,
            per_row=1,
        )
        if pressed != 0 or not 0 <= row < len(lines):
            return
        _choose_head(lines[row], services, inbox, window)


def _choose_head(line: SubmissionLine, services: Services, inbox: Inbox, window: QWidget) -> None:
    say, language = services.texts.say, services.texts.catalogue.language
    heads = line.chain.heads if line.chain is not None else ()
    if line.chain is None or len(heads) < 2:
        tell(services.texts, say("ui.receiving.choose_none"), window)
        return
    shown = shown_names([one.path for one in inbox.entries])
    rows = []
    for one in heads:
        path = line.first_of(one)
        moment = one.fact.claimed_time
        rows.append(
            (
                shown[path] if path is not None else one.digest,
                iso_time_text(moment.isoformat(), language) if moment is not None else "-",
                say("chain.number", number=one.fact.revision, reason=one.fact.reason or "-"),
            )
        )
    buttons = (say("ui.receiving.choose_this"), say("ui.cancel"))
    said = say("ui.receiving.choose_said", respondent=line.name)
    pressed, row = report(services, line.name, said, rows, buttons, "ui.receiving.what_respondents", window, per_row=1)
    if pressed != 0 or not 0 <= row < len(heads):
        return
    choices = with_choice(inbox.choices, choose(line.chain, heads[row].digest))
    inbox.choose(choices)
    try:
        make_private_folder(services.profile.choices.parent)
        write_choices(services.profile.choices, choices)
    except (DgdeskError, OSError):
        tell(services.texts, say("ui.receiving.choice_not_kept"), window, "warning")
