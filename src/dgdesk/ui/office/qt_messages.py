"""Window, office, Qt's messages: what Qt says of its own troubles, to stderr as always, the grave ones to the log."""

from __future__ import annotations

import re
import sys
from contextlib import suppress

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from dgdesk.support.log import EventLog

_GRAVE = {QtMsgType.QtCriticalMsg: "critical", QtMsgType.QtFatalMsg: "fatal"}
_NAMES = re.compile(r"\"[^\"]*\"|'[^']*'|\S*[/\\]\S*|[^\x20-\x7e]+")


def listen(log: EventLog) -> None:
    """Hear Qt's messages from now on; end it with `unlisten` before Python ends."""

    def hear(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        with suppress(OSError, ValueError, AttributeError):  # a windowed program has no stderr
            sys.stderr.write(f"{text}\n")
        if kind in _GRAVE:
            log.event("qt", kind=_GRAVE[kind], category=context.category or "", text=without_names(text))

    qInstallMessageHandler(hear)


def unlisten() -> None:
    """Leave the messages to Qt again."""
    qInstallMessageHandler(None)


def without_names(text: str) -> str:
    """Return a message of Qt without what may name a file or hold somebody's words: quoted, a path, not plain Latin."""
    return " ".join(_NAMES.sub("…", text).split())
