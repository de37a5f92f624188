"""Window, system: what the operating system is told before the first window: whose windows these are, how to scale.

Sharp at every scaling: Qt 6 takes a screen's 125 % as it is unless it is told otherwise. It is said in the environment,
where who has an odd screen may say another thing; the call for it reads all of `Qt`, which takes 20 ms (see `app`).
Title bars follow the theme by ``QStyleHints.setColorScheme`` (`app_theme.apply_theme`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from typing import Final

TASKBAR_NAME: Final = "dgdesk.dgdesk"
"""Windows' AppUserModelID: one button in the taskbar with the shortcuts that setup makes under the same id."""
ROUNDING: Final = "QT_SCALE_FACTOR_ROUNDING_POLICY"


def prepare_system(
    environment: MutableMapping[str, str] = os.environ, name_taskbar: Callable[[str], object] | None = None
) -> None:
    """Tell the system; call it before the application is made. What cannot be told is left: the program works without.

    Source: learn.microsoft.com, SetCurrentProcessExplicitAppUserModelID: before any user interface.
    """
    environment.setdefault(ROUNDING, "PassThrough")
    with suppress(OSError, AttributeError):
        (name_taskbar or _name_taskbar)(TASKBAR_NAME)


def _name_taskbar(name: str) -> None:
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(ctypes.c_wchar_p(name))
