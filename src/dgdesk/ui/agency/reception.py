"""What the agency's window stands on: a ledger, whom it trusts, and what was last read of the ledger. No Qt.

Its methods run in the thread of a job. The ledger is open only while one runs, so that a stick can be pulled out and
other programs can work with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from dgdesk import __version__
from dgdesk.agency.choices import read_choices
from dgdesk.agency.intake.adding import Added, Adding, add_places, look_again
from dgdesk.agency.intake.judging import Judging
from dgdesk.agency.intake.trusting import trust_digest
from dgdesk.agency.ledger.addenda import forget
from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.making import open_ledger
from dgdesk.agency.ledger.model import LedgerFile
from dgdesk.agency.ledger.places import ledger_place
from dgdesk.agency.ledger.reading import choose
from dgdesk.agency.overview import FileLine, Overview, read_overview
from dgdesk.agency.submissions import STATES
from dgdesk.agency.submissions import counted as counted_lines
from dgdesk.bundle.chains import Choice
from dgdesk.bundle.signing.trust_list import TrustList, read_trusted
from dgdesk.errors import DgdeskError
from dgdesk.system.private import make_private_folder
from dgdesk.system.profile import Profile
from dgdesk.system.progress import NO_PROGRESS, Cancelled, Progress
from dgdesk.text.messages import Catalogue
from dgdesk.ui.agency.columns import RECEIVED, RESPONDENTS, Samples, samples_of
from dgdesk.ui.agency.file_rows import file_rows
from dgdesk.ui.agency.line_rows import RespondentLine, line_rows
from dgdesk.ui.agency.rows import ListedRow
from dgdesk.ui.agency.statuses import FILTERS, counted
from dgdesk.ui.agency.trust import Trust, remembered

_PATIENCE: Final = 8.0
_BUSY: Final = 2.0
"""Seconds for which a ledger that others use is waited for, in all and each time."""


class View(NamedTuple):
    """What the window shows of a ledger."""

    overview: Overview = Overview()
    lines: tuple[ListedRow[RespondentLine], ...] = ()
    files: tuple[ListedRow[FileLine], ...] = ()
    line_samples: Samples = samples_of((), RESPONDENTS)
    file_samples: Samples = samples_of((), RECEIVED)
    line_counts: Mapping[str, int] = dict.fromkeys(("all", *STATES), 0)
    file_counts: Mapping[str, int] = dict.fromkeys(FILTERS, 0)


class Done(NamedTuple):
    """What came of a job. ``stopped``: the person stopped it, and what was done by then is recorded."""

    added: Added = Added()
    stopped: bool = False


def read_view(ledger: Ledger, catalogue: Catalogue, progress: Progress = NO_PROGRESS) -> View:
    """Return what the window shows. Raises as `read_overview`."""
    found = read_overview(ledger, progress)
    lines, files = line_rows(found, catalogue), file_rows(found.files, catalogue)
    return View(
        found,
        lines,
        files,
        samples_of(lines, RESPONDENTS),
        samples_of(files, RECEIVED),
        {"all": len(lines), **{str(one): count for one, count in counted_lines(row.of.line for row in lines).items()}},
        {str(one): count for one, count in counted(row.group for row in files).items()},
    )


@dataclass
class Reception:
    """The window's ledger, by path or address; it is kept while the program runs."""

    named: str
    catalogue: Catalogue
    clock: Callable[[], datetime]
    trust: Trust = field(default_factory=Trust)
    own: Path | None = None
    """The ledger in the profile, which is made when it is first needed."""
    kept: Path | None = None
    """Choices of a version that had no ledger."""
    view: View = field(default_factory=View)
    was_read: bool = False

    @property
    def shown(self) -> str:
        """What the ledger is called, without a password."""
        try:
            return ledger_place(self.named).shown
        except DgdeskError:
            return "-"

    @property
    def is_own(self) -> bool:
        """Whether it is the ledger in the profile."""
        return self.own is not None and self.named == str(self.own)

    @property
    def trusted(self) -> TrustList | None:
        """The trust list as the verifier takes it."""
        return read_trusted(self.trust.trusted)

    @property
    def trusts_others(self) -> bool:
        """Whether bundles of the ledger were judged last under another trust list than the window's."""
        return bool(self.view.overview.trusts - {trust_digest(self.trusted)})

    def open(self, *, make: bool = False) -> Ledger:
        """Open the ledger. Raises as `open_ledger`."""
        fresh = self.is_own and self.own is not None and not self.own.exists()
        if fresh and self.own is not None:
            make_private_folder(self.own.parent)
        ledger = open_ledger(self.named, make=make or fresh, now=self.clock, patience=_PATIENCE, busy=_BUSY)
        if fresh:
            self._take_over(ledger)
        return ledger

    def read(self, progress: Progress = NO_PROGRESS) -> View:
        """Return what the ledger knows now. Raises as `open_ledger` and `read_overview`."""
        with self.open() as ledger:
            return read_view(ledger, self.catalogue, progress)

    def take_in(self, places: Sequence[Path] | None, progress: Progress, keys: Sequence[str] = ()) -> tuple[Done, View]:
        """Take in files and folders, or with None look again at those that are known; return what is there then.

        ``keys``: the agency's secret age keys.

        Raises:
            UsageError: as `add_places`.
            FileError: as `open_ledger` and `add_places`.
        """
        with self.open() as ledger:
            judging = Judging(self.trusted, tuple(keys), self.clock())
            adding = Adding(ledger, judging, __version__, self.clock, progress)
            try:
                done = Done(look_again(adding) if places is None else add_places(adding, places))
            except Cancelled:
                done = Done(stopped=True)
            return done, read_view(ledger, self.catalogue)

    def choose(self, choice: Choice) -> View:
        """Keep a person's choice. Raises as `open_ledger`."""
        with self.open() as ledger:
            choose(ledger, choice, self.clock())
            return read_view(ledger, self.catalogue)

    def forget(self, files: Sequence[LedgerFile]) -> View:
        """Take files out of the ledger. Raises as `open_ledger`."""
        with self.open() as ledger:
            forget(ledger, files)
            return read_view(ledger, self.catalogue)

    def _take_over(self, ledger: Ledger) -> None:
        try:
            earlier = read_choices(self.kept) if self.kept is not None else ()
        except (DgdeskError, OSError):
            return  # every fork is shown again
        for one in earlier:
            choose(ledger, one, self.clock())


def own_reception(profile: Profile, catalogue: Catalogue, clock: Callable[[], datetime]) -> Reception:
    """Return a reception on the ledger in the profile, with the certificates that were trusted last."""
    own = profile.ledger
    return Reception(str(own), catalogue, clock, remembered(profile.trusted), own, profile.choices)
