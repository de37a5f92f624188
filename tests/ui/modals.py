"""What a person does in dialogs that wait: one act after the other, each in the next dialog that opens."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication, QDialog

from dgdesk.ui.widgets.jobs import ProgressDialog

Act = Callable[[QDialog], object]


class Modals(QObject):
    """Acts on dialogs; ``seen`` are the names of their classes. Close it at the end: it fails where an act is left."""

    def __init__(self) -> None:
        super().__init__()
        self._acts: list[Act] = []
        self.seen: list[str] = []
        self._last: QDialog | None = None
        self._failed: BaseException | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(10)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def then(self, *acts: Act) -> None:
        """Do these in the next dialogs."""
        self._acts += acts

    def done(self) -> bool:
        """Whether everything was done, and the last dialog is gone."""
        if self._failed is not None:
            raise self._failed
        return not self._acts and QApplication.activeModalWidget() is None

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def _look(self) -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QDialog) or isinstance(dialog, ProgressDialog) or dialog is self._last:
            return
        self._last = dialog
        self.seen.append(type(dialog).__name__)
        try:
            if not self._acts:
                pytest.fail(f"nobody expected {type(dialog).__name__}")
            self._acts.pop(0)(dialog)
        except BaseException as error:
            self._failed = error
            dialog.reject()


def until(holds: Callable[[], object], seconds: float = 40) -> None:
    """Wait until something holds. Not by `qtbot.waitUntil`, which sleeps with Python's lock and lets threads starve."""
    loop, timer, end = QEventLoop(), QTimer(), time.monotonic() + seconds
    raised: list[BaseException] = []

    def look() -> None:
        try:
            if holds() or time.monotonic() > end:
                loop.quit()
        except BaseException as error:
            raised.append(error)
            loop.quit()

    timer.timeout.connect(look)
    timer.start(10)
    loop.exec()
    timer.stop()
    if raised:
        raise raised[0]
    assert holds(), f"it did not come to hold within {seconds} s"
