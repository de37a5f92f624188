"""On a screen that is scaled, frames are whole and every window fits."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

FRAMES = """
import json, os, sys
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget
from dgdesk.system.settings import Settings
from dgdesk.ui.shell.app import make_app
from dgdesk.ui.form.editors.choices import STYLED_INDENT, SearchCombo
from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.app_theme import apply_theme
from dgdesk.ui.widgets.buttons import PageButton
from dgdesk.ui.widgets.inputs import CalmCombo, LineInput
from dgdesk.ui.widgets.theme import sheet

wanted = Settings(theme=sys.argv[1])
app = make_app(wanted, ["-platform", "offscreen"])
apply_theme(app, wanted)
page = QWidget()
page.setObjectName("startcontent")
page.setStyleSheet(sheet())
page.resize(400, 400)
made = [SearchCombo(["น่าน"], page, STYLED_INDENT), CalmCombo(page), LineInput(page), PageButton("ก", page)]
for number, widget in enumerate(made):
    widget.setGeometry(21, 15 + 61 * number, 301, 35)  # odd: at 150 % its edges are between two pixels
page.show()
app.processEvents()
image = page.grab().toImage()
ratio = image.devicePixelRatio()
found = {}
for widget in made:
    at = widget.geometry()
    left, top = round(at.left() * ratio), round(at.top() * ratio)
    right, bottom = round((at.right() + 1) * ratio), round((at.bottom() + 1) * ratio)
    middle, across = (top + bottom) // 2, left + 60
    rows = {
        "top": [(across, y) for y in range(top - 1, top + 3)],
        "bottom": [(across, y) for y in range(bottom - 3, bottom + 1)],
        "left": [(x, middle) for x in range(left - 1, left + 3)],
        "right": [(x, middle) for x in range(right - 3, right + 1)],
    }
    ground = image.pixelColor(left - 6, middle).name()
    for side, places in rows.items():
        best = max(colours.contrast(image.pixelColor(x, y).name(), ground) for x, y in places)
        found[f"{type(widget).__name__} {side}"] = best
print(json.dumps([ratio, found]), flush=True)
os._exit(0)
"""


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
@pytest.mark.parametrize("scale", ["1", "1.25", "1.5", "2"])
def test_all_four_sides_of_a_box_are_seen_at_every_scaling(theme: str, scale: str) -> None:
    variables = {**os.environ, "QT_SCALE_FACTOR": scale, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", FRAMES, theme]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    ratio, found = json.loads(done.stdout)
    assert ratio == float(scale) and len(found) == 16
    assert {side: contrast for side, contrast in found.items() if contrast < 2.9} == {}
