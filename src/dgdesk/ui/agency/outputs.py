"""What the window makes of what it shows: tables, receipts, returns, unpacked bundles, reports."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtWidgets import QWidget

from dgdesk.agency.collate_ledger import CollatedLedger
from dgdesk.agency.overview import FileLine
from dgdesk.agency.submissions import counted
from dgdesk.bundle.encryption.encrypt import SUFFIX
from dgdesk.draft.drafts import load_forms
from dgdesk.errors import DgdeskError
from dgdesk.folders.index import disk_name
from dgdesk.system.atomic import atomic_write
from dgdesk.system.progress import Progress
from dgdesk.text.dates import time_text
from dgdesk.text.editions import edition_words
from dgdesk.ui.agency import jobs
from dgdesk.ui.agency.actions import AgencyActions
from dgdesk.ui.agency.line_report import line_text
from dgdesk.ui.agency.line_rows import RespondentLine
from dgdesk.ui.agency.reception import Reception
from dgdesk.ui.agency.report import report_text
from dgdesk.ui.agency.running import JobRunner
from dgdesk.ui.agency.trust import trust_words
from dgdesk.ui.widgets.dialogs import ask, tell
from dgdesk.ui.widgets.file_dialogs import choose_folder
from dgdesk.ui.widgets.label import copy_plain
from dgdesk.ui.widgets.saving import choose_target
from dgdesk.ui.widgets.services import Services

if TYPE_CHECKING:
    from dgdesk.ui.agency.dialogs import ReceiptsDialog


class Selected(NamedTuple):
    """What is selected: files, in the table of files; respondents, in theirs."""

    files: tuple[FileLine, ...] = ()
    lines: tuple[RespondentLine, ...] = ()

    @property
    def all_files(self) -> tuple[FileLine, ...]:
        """The files that are selected, and those of the selected respondents."""
        return (*self.files, *(each for one in self.lines for each in one.files))

    @property
    def current(self) -> tuple[FileLine, ...]:
        """The selected bundles, and the first file of what counts of each selected respondent."""
        found = [one for one in self.files if one.is_bundle]
        for line in self.lines:
            member = line.line.current
            here = [one for one in line.files if member is not None and one.bundle is not None]
            found += [one for one in here if one.bundle and member and one.bundle.key.digest == member.digest][:1]
        return tuple(found)


class Outputs(JobRunner):
    """The actions that make something. ``selected`` returns what is selected, ``say`` shows a message."""

    def __init__(
        self,
        window: QWidget,
        reception: Reception,
        actions: AgencyActions,
        selected: Callable[[], Selected],
        say: Callable[[str], None],
        services: Services,
    ) -> None:
        super().__init__(window, services)
        self._window, self._reception, self._actions = window, reception, actions
        self._selected, self._say = selected, say

    def collate(self) -> None:
        """Write a workbook and CSV files of what counts, or of all that is valid."""
        say = self._texts.say
        if not self._reception.view.overview.by_digest:
            tell(self._texts, say("ui.receiving.collate_none"), self._window)
            return
        ways = (say("ui.receiving.collate_current"), say("ui.receiving.collate_all"), say("ui.cancel"))
        way = ask(self._texts, say("ui.receiving.collate_which"), ways, self._window)
        if way not in (0, 1):
            return
        folder = choose_folder(self._window, "tables", say("ui.receiving.collate_folder"))
        if folder is None:
            return
        when = time_text(self._services.clock(), self._texts.catalogue.language).replace(":", ".")
        stem = disk_name(say("ui.receiving.collate_name", time=when.replace(" น.", "")))
        word, edition, reception = self._word, partial(edition_words, say), self._reception

        def job(progress: Progress) -> tuple[Path, CollatedLedger] | None:
            with reception.open() as ledger:
                return jobs.collate_into(
                    folder,
                    stem,
                    ledger,
                    forms=load_forms(),
                    word=word,
                    edition=edition,
                    every=way == 1,
                    progress=progress,
                )

        made = self._run(say("ui.receiving.collating"), job)
        if made is not None:
            self._tell_collated(*made, folder)

    def _tell_collated(self, book: Path, result: CollatedLedger, folder: Path) -> None:
        say, view = self._texts.say, self._reception.view
        total = sum(result.totals.values()) + result.waiting
        said = say("ui.receiving.collated", total=total, path=book, **result.sums)
        if result.waiting:
            said += "\n" + say("collate.waiting", count=result.waiting)
        counts = {str(state): count for state, count in counted(result.submissions).items()}
        said += "\n" + say("chain.totals", total=len(result.submissions), **counts)
        left_out = [row.of for row in view.files if row.group in ("bad", "waiting") or row.of.file.verdict == "refused"]
        rows = [(one.name, *map(self._word, one.problems[:1])) for one in left_out]
        self._tell_outcome(said, rows, "ui.receiving.what_collated", folder)

    def receipts(self) -> None:
        """Issue receipts for the selected bundles, and for those that count of the selected respondents."""
        found, say = self._selected().current, self._texts.say
        if not found:
            tell(self._texts, say("ui.receiving.receipts_none"), self._window)
            return
        digests = frozenset(one.bundle.key.digest for one in found if one.bundle is not None)
        self._issue(say("ui.receiving.receipts_for", count=len(digests)), digests)

    def all_receipts(self) -> None:
        """Issue receipts for all bundles that have none."""
        overview, say = self._reception.view.overview, self._texts.say
        missing = overview.by_digest.keys() - overview.answered
        if not missing:
            tell(self._texts, say("ui.receiving.receipts_all_done"), self._window)
            return
        self._issue(say("ui.receiving.receipts_for", count=len(missing)), None)

    def give_back(self) -> None:
        """Sign why the selected files are returned."""
        say = self._texts.say
        files = [one for one in self._selected().all_files if not one.missing]
        if not files:
            tell(self._texts, say("ui.receiving.return_none"), self._window)
            return
        from dgdesk.ui.agency.dialogs import Chosen, ReceiptsDialog

        said = say("ui.receiving.return_for", count=len(files))
        chosen = Chosen(said, files=tuple(one.place for one in files), names=self._names())
        dialog = ReceiptsDialog(self._services, self._reception, chosen, self._window, returning=True)
        self._answer(dialog, "ui.receiving.returned")

    def _issue(self, said: str, digests: frozenset[str] | None) -> None:
        from dgdesk.ui.agency.dialogs import Chosen, ReceiptsDialog

        if not self._actions.judged_by_window():
            return
        chosen = Chosen(said, digests, names=self._names())
        self._answer(ReceiptsDialog(self._services, self._reception, chosen, self._window), "ui.receiving.issued")

    def _answer(self, dialog: ReceiptsDialog, code: str) -> None:
        dialog.exec()
        dialog.deleteLater()
        if dialog.outcome is None:
            return
        self._actions.read()
        folder = Path(dialog.folder.text) if dialog.folder.text else None
        say = self._texts.say
        where = say("ui.receiving.in_folder", path=folder) if folder is not None else say("ui.receiving.beside")
        said = say("ui.receiving.issued", count=len(dialog.outcome.done), where=where)
        if code == "ui.receiving.returned":
            said = say("ui.receiving.returned", count=len(dialog.outcome.done), where=where)
        self._tell_refused(said, dialog.outcome, "ui.receiving.what_issued", folder)

    def _names(self) -> dict[str, str]:
        return {
            member.digest: line.name
            for line in self._reception.view.overview.lines
            for member in (line.chain.members if line.chain is not None else ())
        }

    def extract(self) -> None:
        """Unpack the selected bundle, or what counts of the selected respondent."""
        say = self._texts.say
        chosen = self._selected().current
        if len(chosen) != 1:
            tell(self._texts, say("ui.receiving.extract_one"), self._window)
            return
        one = chosen[0]
        if one.place.name.lower().endswith(SUFFIX):
            tell(self._texts, say("ui.receiving.extract_sealed"), self._window)
            return
        folder = choose_folder(self._window, "unpacked", say("ui.receiving.extract_folder"))
        if folder is None:
            return
        trusted, now = self._reception.trusted, self._services.clock()
        made = self._run(
            say("ui.receiving.extracting"),
            lambda progress: jobs.extract(one.place, folder, trusted, progress, now),
        )
        if made is None:
            return
        _, bag = made
        if bag is None:  # the file was replaced since it was verified
            tell(self._texts, say("extract.refused"), self._window, "warning")
            self._actions.check_again()
            return
        self._tell_outcome(say("extract.done", path=bag), [], "ui.what.receiving", bag)

    def copy_report(self) -> None:
        """Copy the reports on what is selected."""
        copy_plain(self._reports())
        self._say(self._texts.say("ui.receiving.copied"))

    def save_report(self) -> None:
        """Save the reports on what is selected as a text file."""
        say = self._texts.say
        title, kinds = say("ui.receiving.save_report"), say("ui.receiving.report_files")
        suggested = say("ui.receiving.report_name")
        chosen = choose_target(self._texts, self._window, "tables", title, suggested, kinds, "text")
        if chosen is None:
            return
        try:
            # the byte order mark shows old editors that it is UTF-8
            content = self._reports().encode("utf-8-sig")
            atomic_write(chosen.path, content, replace=bool(chosen.replace), kind="text")
        except DgdeskError as error:
            tell(self._texts, self._texts.error(error), self._window, "warning")
            return
        self._say(say("ui.receiving.saved", path=chosen.path))

    def _reports(self) -> str:
        against, now = trust_words(self._texts, self._reception.trust), self._services.clock()
        chosen, overview = self._selected(), self._reception.view.overview
        files = [report_text(one, overview, self._texts, against, now) for one in chosen.files]
        return "\n".join(files + [line_text(one, overview, self._texts, against, now) for one in chosen.lines])
