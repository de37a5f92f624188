"""Window, printing, material: what is printed, as the draft is when the dialog opens. No Qt in here."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dgdesk.draft.drafts import Draft
from dgdesk.evidence.pages.spool import safe
from dgdesk.printing.survey.context import PrintChoices
from dgdesk.system.progress import Progress

if TYPE_CHECKING:
    from dgdesk.printing.document import Printed

SUFFIX = ".pdf"


class Material:
    """A draft's answers at one moment. Make it in the thread of the draft; `make` runs in any other.

    ``scratch`` is the folder in which marked copies are made for the answers digest, and thrown away.
    """

    def __init__(self, draft: Draft, claimed: datetime, scratch: Path) -> None:
        session = draft.session
        self._rules, self._facts, self._province = session.rules, session.state.facts, draft.province or ""
        self._draft, self._claimed, self._scratch = draft, claimed, scratch
        self._reading = threading.Lock()
        self._digest: str | None = None

    def make(self, choices: PrintChoices, progress: Progress) -> Printed:
        """Print in one way.

        Raises:
            CheckFailed: ``print.not_ready``: the form is not ready to be signed.
            Cancelled: the person chose something else.
            as `digest_for_signature` and `print_survey`.
        """
        # ReportLab and the rest take half a second to import: not in the window's thread
        from dgdesk.printing.survey.document import print_survey
        from dgdesk.submission.survey_pdf import source_of
        from dgdesk.text.messages import load_catalogue

        progress.at(0, 0)
        source = source_of(
            self._rules,
            self._facts,
            self._province,
            blank=choices.variant == "blank",
            claimed=self._claimed,
            answers_digest=self._find_digest(progress) if choices.variant == "final" else None,
        )
        progress.at(0, 0)
        return print_survey(source, choices, load_catalogue("th"), progress=progress)

    def let_go(self) -> None:
        """Wait until nothing reads the draft any more; call it once the print is cancelled."""
        with self._reading:
            pass

    def _find_digest(self, progress: Progress) -> str:
        from dgdesk.submission import digest_for_signature  # brings the signing libraries

        with self._reading:
            progress.check()
            if self._digest is None:
                self._scratch.mkdir(parents=True, exist_ok=True)
                self._digest = digest_for_signature(self._draft, self._scratch, check=progress.check)
            return self._digest


def suggested_name(province: str, edition: str, kind: str) -> str:
    """Return the name of a file that a print is saved under."""
    return safe(" ".join(part for part in (province, edition, kind) if part) + SUFFIX)
