"""Modules that libraries import and dgdesk seldom needs, loaded at their first use instead of at every start.

asyncio: SQLAlchemy imports it for engines that do not block, and dgdesk has none. With what it imports in turn (ssl,
sockets) it takes 3 MB of memory and a fortieth of what `score` has to do.
email.utils: cryptography takes addresses of certificates apart with it, and dgdesk has none. It brings sockets.
importlib.metadata: SQLAlchemy and pydantic look for plugins with it, which dgdesk forbids. It brings zipfile and email.
PIL.Image: ReportLab imports it for pictures, and most prints have none.

Whoever really uses one, such as the check of a chain of certificates, gets it whole.
"""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from importlib.machinery import ModuleSpec
from types import CoroutineType, ModuleType
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from importlib.abc import Loader

_IMPORT: Final = "<frozen importlib._bootstrap>"
"""The file of Python's own import, where it is written in Python."""
_replacing: Final = threading.Lock()


def _iscoroutine(value: object) -> bool:
    """`asyncio.iscoroutine`, which SQLAlchemy takes at its import."""
    return isinstance(value, CoroutineType | Coroutine)


_KNOWN: Final[Mapping[str, Mapping[str, Callable[..., object] | None]]] = {
    "asyncio": {"iscoroutine": _iscoroutine},
    "email.utils": {"parseaddr": None},
    "importlib.metadata": {"entry_points": None},
    "PIL.Image": {},
}
"""The modules, and the functions that importers take from each: None for one that loads it when it is called."""


class _Postponed(ModuleType):
    """Stands for a module until it is asked for more than is known; then it passes everything on to that module."""

    def __getattr__(self, name: str) -> object:
        """Load the module, unless somebody only looks at it, as PySide6 does at each module that is imported."""
        known = _KNOWN[self.__name__]
        if name in known:
            return known[name] or partial(self._call, name)
        if name.startswith("__") and name != "__all__" and not (name == "__path__" and self._has_part_imported()):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return getattr(self._real(), name)

    def _call(self, name: str, *arguments: object, **named: object) -> object:
        return getattr(self._real(), name)(*arguments, **named)

    def _has_part_imported(self) -> bool:
        """Whether Python asks for the path in order to import a module of this package.

        It asks for each ``from … import`` as well, from C, and when it has just made this stand-in.
        """
        return sys._getframe(2).f_code.co_filename == _IMPORT and self.__name__ not in _finder.importing

    def __setattr__(self, name: str, value: object) -> None:
        """Set it in the module itself, whose functions look for it there; what imports set stays here."""
        if name.startswith("__"):
            super().__setattr__(name, value)
        else:
            setattr(self._real(), name, value)

    def _real(self) -> ModuleType:
        """The module itself. Threads that ask at once wait for each other in Python's own import, not here."""
        name = self.__name__
        with _replacing:
            if sys.modules.get(name) is self:
                _finder.names.discard(name)
                del sys.modules[name]
        return importlib.import_module(name)


class _Finder:
    """Gives a stand-in to who imports a module that is postponed.

    A finder and loader by what it has, not by the classes of `importlib.abc`, whose import takes longer than the rest.
    """

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.importing: set[str] = set()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """See `importlib.abc.MetaPathFinder.find_spec`."""
        return ModuleSpec(fullname, cast("Loader", self)) if fullname in self.names else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """See `importlib.abc.Loader.create_module`."""
        self.importing.add(spec.name)  # Python asks for its path before it is there
        return _Postponed(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing is done: the module is there."""
        self.importing.discard(module.__name__)


_finder: Final = _Finder()


def postpone_imports() -> None:
    """Let an import of these modules cost nothing until they are used; those that are there already stay."""
    _finder.names.update(name for name in _KNOWN if name not in sys.modules)
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)
