"""No label is clipped on any page of a full form, at two sizes, where libthai cannot be loaded, as on Windows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

WALK = Path(__file__).with_name("walk.py")


def run_walk(width: int, height: int, draft: Path, tmp_path: Path) -> dict[str, object]:
    # an empty file by its name, found first, is what the loader trips over
    (tmp_path / "libthai.so.0").touch()
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "LD_LIBRARY_PATH": str(tmp_path)}
    call = [sys.executable, "-W", "error", str(WALK), str(width), str(height), str(draft)]
    done = subprocess.run(call, env=variables, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1024, 700)])
def test_every_text_of_a_full_form_is_whole(width: int, height: int, full_draft: Path, tmp_path: Path) -> None:
    found = run_walk(width, height, full_draft, tmp_path)
    assert found["qt_breaks_thai"] is False, "libthai was there after all"
    assert found["size"] == [width, height]
    assert found["broken"] == {} and found["warnings"] == []
