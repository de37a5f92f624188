"""With which edition a new survey is begun: what was chosen last, else the newest. Its form is read beforehand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject

from dgdesk.draft.drafts import edition_rubric, load_form, newest_edition
from dgdesk.errors import FileError
from dgdesk.survey.definition.form import Form
from dgdesk.system.settings import SettingsFile
from dgdesk.text.editions import EditionHead, edition_heads, read_editions_again
from dgdesk.ui.widgets.latest import LatestWins

_READ_AFTER = 400
"""Milliseconds; the page is shown first."""


class NewSurveyEdition(QObject):
    """The edition of a new survey. ``installed`` is called with one that was installed, "" after one was removed."""

    def __init__(self, settings: SettingsFile, installed: Callable[[str], None], parent: QObject) -> None:
        super().__init__(parent)
        self._settings, self._installed = settings, installed
        self._reader = LatestWins("dgdesk edition", self)

    @property
    def edition(self) -> str:
        """The id of the edition."""
        chosen = self._settings.now.edition
        return chosen if chosen in edition_heads() else newest_edition()

    @property
    def form(self) -> Form:
        """Its form; that of another edition, so that the window has one, if its files were changed or are gone."""
        order = sorted(edition_heads().values(), key=lambda head: (head.id == self.edition, head.shipped, head.year))
        for head in reversed(order[1:]):
            try:
                return load_form(head.id)
            except FileError:
                continue
        return load_form(order[0].id)

    def heads(self) -> tuple[EditionHead, ...]:
        """The editions to choose from, the latest year first; read again, as a command may have installed one."""
        read_editions_again()
        return tuple(sorted(edition_heads().values(), key=lambda head: (head.year, head.id), reverse=True))

    def read_soon(self) -> None:
        """Read form and rubric in the background, so that beginning a survey need not wait for them."""
        edition = self.edition

        def read(_: object) -> None:
            load_form(edition)
            edition_rubric(edition)

        self._reader.soon(_READ_AFTER, lambda: self._reader.request(read))

    def choose(self, edition: str) -> None:
        """Begin new surveys with an edition, from now on and after the next start."""
        self._settings.change(replace(self._settings.now, edition=edition))
        self.read_soon()

    def changed(self, edition: str) -> None:
        """An edition was installed, which new surveys are begun with from now on, or one was removed ("")."""
        if edition:
            self._settings.change(replace(self._settings.now, edition=edition))
        self._installed(edition)

    def stop(self) -> None:
        """Read no more: the window is closed."""
        self._reader.stop()
