"""The theme file, ``resources/ui/theme.json``: sizes of text, distances, and the colours of each theme.

Nothing else says how large a text is or how far apart things are: a new size or colour is a change of that file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from dgdesk.resources import resource

_FILE: Final[Mapping[str, Any]] = json.loads(resource("ui/theme.json").read_text(encoding="utf-8"))

SMALL: Final = float(_FILE["text"]["small"])
NORMAL: Final = float(_FILE["text"]["normal"])
LARGE: Final = float(_FILE["text"]["large"])
FIGURE: Final = float(_FILE["text"]["figure"])
"""The sizes of text, in points at 100 %: remarks, everything else, titles, the one great figure of a view."""

SPACE: Final = int(_FILE["space"])
"""The step of all distances, in pixels; half a step is the least."""

COLOURS: Final[Mapping[str, Mapping[str, Any]]] = _FILE["themes"]
"""The colours of each theme by name, as in `colours.Colours`."""
