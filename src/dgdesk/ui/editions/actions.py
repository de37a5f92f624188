"""Installs and removes editions, and enrols those who sign them; what is slow runs beside the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from dgdesk.errors import DgdeskError
from dgdesk.text.editions import edition_heads, edition_words
from dgdesk.ui.form.host import DraftHost
from dgdesk.ui.widgets.dialogs import ask, tell
from dgdesk.ui.widgets.file_dialogs import choose_file
from dgdesk.ui.widgets.jobs import run_modal

if TYPE_CHECKING:
    from cryptography import x509  # takes long to import

_SHOWN = 3
"""Certificates of one file whose fingerprints are shown to be compared."""


class EditionActions:
    """The actions. ``changed`` is called with an edition that was installed, or "" after one was removed."""

    def __init__(self, host: DraftHost, changed: Callable[[str], None]) -> None:
        self._host, self._changed = host, changed

    def show(self) -> None:
        """Show the list of editions."""
        from dgdesk.ui.editions.dialog import EditionsDialog

        dialog = EditionsDialog(self._host.services, self, self._host.window)
        dialog.exec()
        dialog.deleteLater()

    def choose(self, parent: QWidget) -> bool:
        """Let the user choose a pack, and install it; return whether it is installed."""
        texts = self._host.texts
        pack = choose_file(parent, "edition", texts.say("ui.editions.choose"), texts.say("ui.editions.files"))
        return pack is not None and self.install(pack, parent)

    def install(self, pack: Path, parent: QWidget) -> bool:
        """Install a pack, or say in one sentence why not; an unknown signer may be enrolled with it."""
        return self._install(pack, (), parent)

    def enrol(self, parent: QWidget) -> bool:
        """Let the user choose a certificate, compare its fingerprint, and take packs of its owner from now on."""
        texts, profile = self._host.texts, self._host.services.profile
        found = self._certificates(parent, "ui.editions.trust_go")
        if not found:
            return False

        def work() -> None:
            from dgdesk.editions import shelf

            shelf.enrol(profile, found)

        try:
            run_modal(texts, texts.say("ui.editions.enrolling"), lambda _: work(), parent)
        except DgdeskError as error:
            tell(texts, texts.error(error), parent, "warning")
            return False
        tell(texts, texts.say("ui.editions.enrolled"), parent)
        return True

    def remove(self, edition: str, parent: QWidget) -> bool:
        """Remove an installed edition, unless its draft is open here; ask before."""
        texts, profile, draft = self._host.texts, self._host.services.profile, self._host.draft
        say, name = texts.say, edition_words(texts.say, edition)
        if draft is not None and draft.session.form.definition.edition == edition:
            tell(texts, say("ui.editions.in_use", name=name), parent, "warning")
            return False
        buttons = (say("ui.editions.remove_go"), say("ui.cancel"))
        if ask(texts, say("ui.editions.remove_ask", name=name), buttons, parent, "warning", default=1) != 0:
            return False

        def work() -> None:
            from dgdesk.editions import shelf

            shelf.remove(edition, profile)

        try:
            run_modal(texts, say("ui.editions.removing"), lambda _: work(), parent)
        except DgdeskError as error:
            tell(texts, texts.error(error), parent, "warning")
            return False
        finally:
            self._changed("")
        return True

    def _install(self, pack: Path, trust: Sequence[x509.Certificate], parent: QWidget) -> bool:
        from dgdesk.editions.reasons import UNKNOWN_SIGNER, reason_of

        texts, profile = self._host.texts, self._host.services.profile

        def work() -> tuple[str, bool]:
            from dgdesk.editions import shelf

            done = shelf.install(pack, profile, trust)
            return done.edition.id, done.already

        name = texts.cut(pack.name, 80)
        try:
            edition, already = run_modal(texts, texts.say("ui.editions.installing"), lambda _: work(), parent)
        except DgdeskError as error:
            reason = reason_of(error, name)
            words = texts.say(reason.code, **reason.values)
            if reason.code != UNKNOWN_SIGNER:
                tell(texts, words, parent, "warning")
                return False
            if trust:
                tell(texts, texts.say("edition.refused_other_signer", name=name), parent, "warning")
                return False
            buttons = (texts.say("ui.editions.choose_certificate"), texts.say("ui.cancel"))
            if ask(texts, words, buttons, parent, "warning") != 0:
                return False
            found = self._certificates(parent, "ui.editions.trust_install")
            return bool(found) and self._install(pack, found, parent)
        self._changed(edition)
        head = edition_heads()[edition]
        code = "ui.editions.already" if already else "ui.editions.made"
        tell(texts, texts.say(code, name=edition_words(texts.say, edition), version=head.version), parent)
        return True

    def _certificates(self, parent: QWidget, go: str) -> tuple[x509.Certificate, ...]:
        """Let the user choose a file of certificates and compare them; ``go`` is the button that takes them."""
        texts = self._host.texts
        title, kinds = texts.say("ui.editions.choose_certificate"), texts.say("ui.editions.certificate_files")
        chosen = choose_file(parent, "certificate", title, kinds)
        if chosen is None:
            return ()

        def work() -> tuple[tuple[x509.Certificate, ...], str]:
            from dgdesk.bundle.signing.certificate_rules import named
            from dgdesk.bundle.signing.certificates import read_certificate_file
            from dgdesk.bundle.signing.identity import fingerprint
            from dgdesk.ui.identities.enrol_dialog import in_rows

            found = tuple(dict.fromkeys(read_certificate_file(chosen, signers=True)))
            shown = [f"{named(one)}\n{in_rows(fingerprint(one))}" for one in found[:_SHOWN]]
            return found, "\n".join(shown) + ("\n…" if len(found) > _SHOWN else "")

        try:
            found, shown = run_modal(texts, texts.say("ui.editions.reading"), lambda _: work(), parent)
        except DgdeskError as error:
            tell(texts, texts.error(error), parent, "warning")
            return ()
        words = texts.say("ui.editions.compare", signers=shown)
        agreed = ask(texts, words, (texts.say(go), texts.say("ui.cancel")), parent, default=1) == 0
        return found if agreed else ()
