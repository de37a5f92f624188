"""What changes what the window shows: files added and looked at again, trust, decryption, choices, another ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from dgdesk.agency.overview import FileLine
from dgdesk.errors import DgdeskError
from dgdesk.system.progress import Progress
from dgdesk.ui.agency.choosing import choose_head
from dgdesk.ui.agency.line_rows import RespondentLine
from dgdesk.ui.agency.reception import Done, Reception, View
from dgdesk.ui.agency.report import LIST_MOST
from dgdesk.ui.agency.running import JobRunner
from dgdesk.ui.agency.trust import Trust, read_trust, remember
from dgdesk.ui.widgets.dialogs import ask, tell
from dgdesk.ui.widgets.file_dialogs import choose_files, choose_folder
from dgdesk.ui.widgets.services import Services


class AgencyActions(JobRunner):
    """The actions of one window. ``show`` updates it; ``say`` shows a message below the tables."""

    def __init__(
        self,
        window: QWidget,
        reception: Reception,
        show: Callable[[], None],
        say: Callable[[str], None],
        services: Services,
    ) -> None:
        super().__init__(window, services)
        self._window, self._reception, self._show, self._say = window, reception, show, say

    def read(self) -> None:
        """Read what the ledger knows."""
        self._take(self._run(self._texts.say("ui.receiving.reading"), self._reception.read))

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
        """Take in files and folders; encrypted ones after the user gave the key."""
        if not places or not self._may_judge():
            return
        say = self._texts.say
        done = self._take_in(say("ui.receiving.adding"), lambda progress: self._reception.take_in(places, progress))
        if done is None:
            return
        if done.added.others:
            names = ", ".join(self._texts.cut(one) for one in done.added.others[:LIST_MOST])
            tell(self._texts, say("ui.receiving.not_bundles", names=names), self._window, "warning")
        if done.added.sealed:
            message = say("ui.receiving.sealed_found", count=len(done.added.sealed))
            buttons = (say("ui.receiving.unseal_go"), say("ui.receiving.sealed_later"))
            if ask(self._texts, message, buttons, self._window) == 0:
                self._unseal(done.added.sealed)

    def check_again(self) -> None:
        """Look again at every file that is known, and judge what waits or has changed."""
        self._check(self._texts.say("ui.receiving.checking", count=len(self._reception.view.files)))

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
        """Let the user choose encrypted bundles, and open them."""
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

    def open_ledger(self) -> None:
        """Let the user name another ledger, a file or a server."""
        from dgdesk.ui.agency.ledger_dialog import LedgerDialog

        dialog = LedgerDialog(self._services, self._reception, self._window)
        dialog.exec()
        dialog.deleteLater()
        if dialog.opened is not None:
            self._reception.named = dialog.named
            self._take(dialog.opened)

    def own_ledger(self) -> None:
        """Go back to the ledger of this PC."""
        reception = self._reception
        if reception.own is not None and not reception.is_own:
            reception.named, reception.view = str(reception.own), View()
            self._show()
            self.read()

    def choose_between(self, one: RespondentLine) -> None:
        """Let the user choose which of several bundles of a respondent counts."""
        choice = choose_head(self._services, one, self._window)
        if choice is not None:
            title = self._texts.say("ui.receiving.reading")
            self._take(self._run(title, lambda progress: self._reception.choose(choice)))

    def remove(self, files: Sequence[FileLine]) -> None:
        """Take files out of the ledger, after a question; the files themselves stay."""
        say = self._texts.say
        if not files:
            return
        buttons = (say("ui.receiving.remove_go"), say("ui.cancel"))
        if ask(self._texts, say("ui.receiving.remove_sure", count=len(files)), buttons, self._window, default=1) != 0:
            return
        wanted = [one.file for one in files]
        self._take(self._run(say("ui.receiving.reading"), lambda progress: self._reception.forget(wanted)))

    def _check(self, title: str, keys: Sequence[str] = (), places: Sequence[Path] | None = None) -> None:
        self._take_in(title, lambda progress: self._reception.take_in(places, progress, keys))

    def _take_in(self, title: str, job: Callable[[Progress], tuple[Done, View]]) -> Done | None:
        made = self._run(title, job)
        if made is None:
            return None
        done, view = made
        self._take(view)
        if done.stopped:
            self._say(self._texts.say("ui.receiving.stopped", count=view.file_counts["waiting"]))
        return done

    def _take(self, view: View | None) -> None:
        if view is not None:
            self._reception.view, self._reception.was_read = view, True
        self._show()

    def judged_by_window(self) -> bool:
        """Return whether what the ledger says was found with the window's trust list; if not, the person may say so."""
        if not self._reception.trusts_others:
            return True
        if not self._may_judge():
            return False
        self.check_again()
        return not self._reception.trusts_others

    def _may_judge(self) -> bool:
        """Ask before a ledger that others filled is judged again by this window's trust list."""
        reception, say = self._reception, self._texts.say
        if not reception.trusts_others:
            return True
        buttons = (say("ui.receiving.judge_again"), say("ui.cancel"))
        return ask(self._texts, say("ui.receiving.trusts_others_sure"), buttons, self._window, default=1) == 0

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
        self._reception.trust = trust
        self._check(self._texts.say("ui.receiving.judging"))
        try:
            remember(trust, self._services.profile.trusted)
        except DgdeskError:
            tell(self._texts, self._texts.say("ui.receiving.not_remembered"), self._window, "warning")

    def _unseal(self, sources: Sequence[Path]) -> None:
        from dgdesk.ui.agency.dialogs import DecryptDialog

        dialog = DecryptDialog(self._services, sources, self._window)
        dialog.exec()
        dialog.deleteLater()
        if not dialog.secrets:
            return
        say = self._texts.say
        self._check(say("ui.receiving.unsealing", count=len(sources)), dialog.secrets, sources)
        wanted, files = set(sources), (row.of for row in self._reception.view.files)
        shut = [one for one in files if one.place in wanted and one.bundle is None and one.addendum is None]
        failed = {one.name: self._word(one.problems[0]) for one in shut if one.problems}
        outcome = dialog.outcome
        if outcome is not None:
            failed |= {name: self._word(problem) for name, problem in outcome.refused}
        if failed or (outcome is not None and outcome.stopped):
            said = say("ui.receiving.unsealed", count=len(sources) - len(shut))
            if outcome is not None and outcome.stopped:
                said += "\n" + say("ui.receiving.work_stopped")
            self._tell_outcome(said, list(failed.items()), "ui.receiving.what_unseal", None)
