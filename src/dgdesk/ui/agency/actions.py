"""The actions of the inbox window's buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from dgdesk.agency.scan import look_at
from dgdesk.agency.submissions import counted
from dgdesk.agency.verdicts import UNCHECKED
from dgdesk.bundle.report import BundleProblem, printable
from dgdesk.draft.drafts import load_forms
from dgdesk.errors import DgdeskError
from dgdesk.folders.index import disk_name
from dgdesk.system.atomic import atomic_write
from dgdesk.text.dates import time_text
from dgdesk.text.editions import edition_words
from dgdesk.ui.agency import jobs
from dgdesk.ui.agency.entries import Inbox, InboxEntry
from dgdesk.ui.agency.report import LIST_MOST, report_text
from dgdesk.ui.agency.trust import Trust, read_trust, remember, trust_words
from dgdesk.ui.agency.wording import Wording
from dgdesk.ui.widgets.dialogs import ask, tell
from dgdesk.ui.widgets.file_dialogs import choose_files, choose_folder
from dgdesk.ui.widgets.jobs import Job, run_modal
from dgdesk.ui.widgets.label import copy_plain
from dgdesk.ui.widgets.report_dialog import report
from dgdesk.ui.widgets.saving import choose_target
from dgdesk.ui.widgets.services import Services

JobResult = TypeVar("JobResult")


class JobRunner:
    """Runs jobs for the inbox and shows their results."""

    def __init__(self, owner: QWidget, services: Services) -> None:
        self._owner, self._services, self._texts = owner, services, services.texts

    def _tell_refused(self, said: str, outcome: jobs.AgencyOutcome, what: str, folder: Path | None) -> None:
        if outcome.stopped:
            said += "\n" + self._texts.say("ui.receiving.work_stopped")
        rows = [(name, self._word(problem)) for name, problem in outcome.refused]
        self._tell_outcome(said, rows, what, folder)

    def _tell_outcome(self, said: str, rows: Sequence[Sequence[str]], what: str, folder: Path | None) -> None:
        say = self._texts.say
        buttons = ([say("ui.folder.open")] if folder is not None else []) + [say("ui.close")]
        title = say("ui.receiving.title")
        if report(self._services, title, said, rows, buttons, what, self._owner)[0] < len(buttons) - 1:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _run(self, title: str, job: Job[JobResult]) -> JobResult | None:
        """Run a job in a thread; an error is shown, and None returned."""
        try:
            return run_modal(self._texts, title, job, self._owner)
        except DgdeskError as error:
            tell(self._texts, self._texts.error(error), self._owner, "warning")
            return None

    @property
    def _word(self) -> Callable[[BundleProblem], str]:
        say = self._texts.say
        return lambda problem: say(problem.code, **problem.values)


class AgencyActions(JobRunner):
    """The actions of one inbox window.

    ``chosen`` returns the selected entries, ``show_entries`` updates the table, ``say`` shows a message below it.
    """

    def __init__(
        self,
        window: QWidget,
        chosen: Callable[[], Sequence[InboxEntry]],
        show_entries: Callable[[], None],
        say: Callable[[str], None],
        inbox: Inbox,
        wording: Wording,
        services: Services,
    ) -> None:
        super().__init__(window, services)
        self._window, self._inbox, self._wording = window, inbox, wording
        self._chosen, self._show_entries, self._say = chosen, show_entries, say

    def choose_files(self) -> None:
        """Let the user choose bundles."""
        say = self._texts.say
        kinds = say("ui.receiving.files")
        self.add(choose_files(self._window, "inbox", say("ui.receiving.choose_files"), kinds))

    def choose_folder(self) -> None:
        """Let the user choose a folder of bundles."""
        folder = choose_folder(self._window, "inbox", self._texts.say("ui.receiving.choose_folder"))
        if folder is not None:
            self.add([folder])

    def add(self, places: Sequence[Path]) -> None:
        """Add the bundles in files and folders and verify them; encrypted ones after they are decrypted."""
        say = self._texts.say
        if not places:
            return
        found = self._run(say("ui.receiving.looking"), lambda progress: jobs.look_in(places, progress))
        if found is None:
            return
        if found.others:
            names = ", ".join(self._texts.cut(one) for one in found.others[:LIST_MOST])
            tell(self._texts, say("ui.receiving.not_bundles", names=names), self._window, "warning")
        self._inbox.add(found.files, found.litter)
        self.check()
        if found.sealed:
            message = say("ui.receiving.sealed_found", count=len(found.sealed))
            buttons = (say("ui.receiving.unseal_go"), say("ui.receiving.sealed_later"))
            if ask(self._texts, message, buttons, self._window) == 0:
                self._unseal(found.sealed)

    def check_again(self) -> None:
        """Verify the files that wait; if none does, verify all again."""
        missed = [one.path for one in self._inbox.entries if one.status in ("arriving", "unread")]
        self._inbox.add(look_at(path) for path in missed)  # it may have arrived by now
        if not self._inbox.waiting:
            self._inbox.forget_verdicts()
        self.check()

    def check(self) -> None:
        """Verify the files that have no verdict."""
        inbox, paths = self._inbox, self._inbox.waiting
        trusted, known, now = inbox.trust.trusted, inbox.arrivals, self._services.clock()
        if paths:
            found = self._run(
                self._texts.say("ui.receiving.checking", count=len(paths)),
                lambda progress: jobs.check(paths, known, trusted, progress, now),
            )
            inbox.take(found or ())
        self._show_entries()
        if left := len(inbox.waiting):
            self._say(self._texts.say("ui.receiving.stopped", count=left))

    def trust_files(self) -> None:
        """Let the user choose certificates to trust."""
        say = self._texts.say
        title, kinds = say("ui.receiving.trust_files"), say("ui.check.certificate_files")
        self._trust(choose_files(self._window, "certificate", title, kinds))

    def trust_folder(self) -> None:
        """Let the user choose a folder of certificates to trust."""
        folder = choose_folder(self._window, "certificate", self._texts.say("ui.receiving.trust_folder"))
        self._trust([folder] if folder is not None else [])

    def trust_nobody(self) -> None:
        """Clear the trust list."""
        self._trust_from_now_on(Trust())

    def unseal(self) -> None:
        """Let the user choose encrypted bundles, and decrypt them."""
        say = self._texts.say
        kinds = say("ui.receiving.age_files")
        if chosen := choose_files(self._window, "inbox", say("ui.receiving.unseal_choose"), kinds):
            self._unseal(chosen)

    def make_key(self) -> None:
        """Create the agency's key pair for encryption."""
        from dgdesk.ui.agency.dialogs import KeyDialog

        dialog = KeyDialog(self._services, self._window)
        dialog.exec()
        dialog.deleteLater()
        if dialog.made is not None:
            key, public = dialog.made
            tell(self._texts, self._texts.say("ui.receiving.key_made", key=key, public=public), self._window)

    def remove(self) -> None:
        """Remove the selected files from the list."""
        self._inbox.remove({one.path for one in self._chosen()})
        self._show_entries()

    def collate(self) -> None:
        """Write a workbook and CSV files from the bundles."""
        say, inbox = self._texts.say, self._inbox
        if not any(one.is_bundle for one in inbox.entries):
            tell(self._texts, say("ui.receiving.collate_none"), self._window)
            return
        every = self._every()
        if every is None:
            return
        folder = choose_folder(self._window, "tables", say("ui.receiving.collate_folder"))
        if folder is None:
            return
        paths = [one.path for one in inbox.entries]
        when = time_text(self._services.clock(), self._texts.catalogue.language).replace(":", ".")
        stem = disk_name(say("ui.receiving.collate_name", time=when.replace(" น.", "")))
        trusted, word, now = inbox.trust.trusted, self._word, self._services.clock()
        edition = partial(edition_words, say)
        made = self._run(
            say("ui.receiving.collating", count=len(paths)),
            lambda progress: jobs.collate_into(
                folder, stem, paths, load_forms(), trusted, word, edition, progress, now, inbox.choices, every
            ),
        )
        if made is None:
            return
        book, result = made
        refused = [one for one in result.files if one.verdict == "refused" or one.verdict in UNCHECKED]
        said = say("ui.receiving.collated", total=len(result.files), path=book, **result.sums)
        if twice := sum(bool(one.same or one.rivals) for one in inbox.entries):
            said += "\n" + say("ui.receiving.collated_twice", count=twice)
        counts = {str(state): count for state, count in counted(result.submissions).items()}
        said += "\n" + say("chain.totals", total=len(result.submissions), **counts)
        rows = [(printable(one.path.name), *(word(problem) for problem in one.problems[:1])) for one in refused]
        self._tell_outcome(said, rows, "ui.receiving.what_collated", folder)

    def _every(self) -> bool | None:
        """Whether the tables have all valid bundles, or what counts alone; asked where that differs. None: neither."""
        say = self._texts.say
        if not (more := sum(one.counts_not for one in self._inbox.entries)):
            return False
        buttons = (say("ui.receiving.collate_counting"), say("ui.receiving.collate_every"), say("ui.cancel"))
        answers = (False, True, None)
        return answers[ask(self._texts, say("ui.receiving.collate_which", count=more), buttons, self._window)]

    def respondents(self) -> None:
        """Show one line for each respondent, and let the user choose between several submissions of one."""
        from dgdesk.ui.agency.respondents import choose_between

        choose_between(self._services, self._inbox, self._window)
        self._show_entries()

    def receipts(self) -> None:
        """Issue receipts for the selected bundles."""
        from dgdesk.ui.agency.dialogs import ReceiptsDialog

        chosen, say = self._chosen(), self._texts.say
        wanted = [(one.path, self._wording.fact(one, "respondent"), _digest(one)) for one in chosen if one.is_bundle]
        if not wanted:
            tell(self._texts, say("ui.receiving.receipts_none"), self._window)
            return
        trusted = self._inbox.trust.trusted
        dialog = ReceiptsDialog(self._services, wanted, len(chosen) - len(wanted), trusted, self._window)
        dialog.exec()
        dialog.deleteLater()
        if dialog.outcome is not None:
            folder = Path(dialog.folder.text)
            said = say("ui.receiving.issued", count=len(dialog.outcome.done), path=folder)
            self._tell_refused(said, dialog.outcome, "ui.receiving.what_issued", folder)

    def extract(self) -> None:
        """Unpack the selected bundle."""
        say = self._texts.say
        chosen = [one for one in self._chosen() if one.is_bundle]
        if len(chosen) != 1:
            tell(self._texts, say("ui.receiving.extract_one"), self._window)
            return
        folder = choose_folder(self._window, "unpacked", say("ui.receiving.extract_folder"))
        if folder is None:
            return
        path, trusted, now = chosen[0].path, self._inbox.trust.trusted, self._services.clock()
        made = self._run(
            say("ui.receiving.extracting"),
            lambda progress: jobs.extract(path, folder, trusted, progress, now),
        )
        if made is None:
            return
        _, bag = made
        if bag is None:  # the file was replaced since it was verified
            tell(self._texts, say("extract.refused"), self._window, "warning")
            self._inbox.add([path])
            self.check()
            return
        self._tell_outcome(say("extract.done", path=bag), [], "ui.what.receiving", bag)

    def copy_report(self) -> None:
        """Copy the reports on the selected files."""
        copy_plain(self._reports())
        self._say(self._texts.say("ui.receiving.copied"))

    def save_report(self) -> None:
        """Save the reports on the selected files as a text file."""
        say = self._texts.say
        title, kinds = say("ui.receiving.save_report"), say("ui.receiving.report_files")
        suggested = say("ui.receiving.report_name")
        chosen = choose_target(self._texts, self._window, "tables", title, suggested, kinds, "text")
        if chosen is None:
            return
        path = chosen.path
        try:
            # the byte order mark shows old editors that it is UTF-8
            content = self._reports().encode("utf-8-sig")
            atomic_write(path, content, replace=bool(chosen.replace), kind="text")
        except DgdeskError as error:
            tell(self._texts, self._texts.error(error), self._window, "warning")
            return
        self._say(say("ui.receiving.saved", path=path))

    def _reports(self) -> str:
        against, now = trust_words(self._texts, self._inbox.trust), self._services.clock()
        return "\n".join(report_text(one, self._texts, against, now) for one in self._chosen())

    def _trust(self, places: Sequence[Path]) -> None:
        if not places:
            return
        say = self._texts.say
        found = self._run(say("ui.receiving.looking"), lambda progress: read_trust(places))
        if found is None:
            return
        trust, refused = found
        if refused:
            rows = [(name, self._word(problem)) for name, problem in refused]
            count = len(trust.signers) + len(trust.authorities)
            self._tell_outcome(say("ui.receiving.trust_refused", count=count), rows, "ui.what.receiving", None)
        if trust.pems:
            self._trust_from_now_on(trust)

    def _trust_from_now_on(self, trust: Trust) -> None:
        self._inbox.trust_now(trust)
        self.check()
        try:
            remember(trust, self._services.profile.trusted)
        except DgdeskError:
            tell(self._texts, self._texts.say("ui.receiving.not_remembered"), self._window, "warning")

    def _unseal(self, sources: Sequence[Path]) -> None:
        from dgdesk.ui.agency.dialogs import DecryptDialog

        dialog = DecryptDialog(self._services, sources, self._window)
        dialog.exec()
        dialog.deleteLater()
        if dialog.outcome is None:
            return
        if dialog.outcome.refused:
            said = self._texts.say("ui.receiving.unsealed", count=len(dialog.outcome.done))
            self._tell_refused(said, dialog.outcome, "ui.receiving.what_unseal", None)
        done = {path.name for path in dialog.outcome.done}
        self._inbox.remove({source for source in sources if jobs.decrypted_name(source) in done})
        self._inbox.add(dialog.outcome.done)
        self.check()


def _digest(entry: InboxEntry) -> str:
    return (entry.verdict.digest if entry.verdict is not None else "") or ""
