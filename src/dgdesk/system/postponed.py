"""asyncio, loaded at its first use instead of at every start.

SQLAlchemy imports it for engines that do not block, and dgdesk has none. With what it imports in turn (ssl, sockets) it
takes 3 MB of memory and a fortieth of what `score` has to do. Whoever really uses it, such as the check of a chain of
certificates, gets it whole.
"""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Coroutine
from types import CoroutineType, ModuleType
from typing import Final

_NAME: Final = "asyncio"
_LOADING_NAMES: Final = ("__path__", "__all__")
"""Asked for by whoever imports a module of it, or everything in it."""
_loading: Final = threading.RLock()


class _Postponed(ModuleType):
    """Stands for asyncio until it is asked for more than `iscoroutine`, which SQLAlchemy takes at its import."""

    @staticmethod
    def iscoroutine(value: object) -> bool:
        """Whether a value is what calling an ``async`` function gives."""
        return isinstance(value, CoroutineType | Coroutine)

    def __getattr__(self, name: str) -> object:
        """Load the module, unless somebody only looks at it, as PySide6 does at each module that is imported."""
        with _loading:
            if name in _LOADING_NAMES or not name.startswith("__"):
                self._load()
        try:
            return self.__dict__[name]
        except KeyError:
            raise AttributeError(f"module {_NAME!r} has no attribute {name!r}") from None

    def _load(self) -> None:
        if sys.modules.get(_NAME) is self:
            del sys.modules[_NAME]
            try:
                self.__dict__.update(importlib.import_module(_NAME).__dict__)
            except BaseException:
                sys.modules[_NAME] = self  # to be tried again
                raise


def postpone_asyncio() -> None:
    """Let ``import asyncio`` cost nothing until it is used; nothing if it has been imported already."""
    if _NAME not in sys.modules:
        sys.modules[_NAME] = _Postponed(_NAME)
