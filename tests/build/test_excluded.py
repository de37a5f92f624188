"""What is left out of the frozen program is not missed: nothing asks for it, from the demo to a CA's chain."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import parts

CHILD = Path(__file__).with_name("excluded_child.py")


def test_nothing_asks_for_a_module_that_is_left_out(tmp_path: Path) -> None:
    environment = {**os.environ, "DGDESK_HOME": str(tmp_path / "profile")}
    done = subprocess.run(
        [sys.executable, str(CHILD), str(tmp_path)], env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout.splitlines()[-1]) == ["tkinter"]  # the child's own question


@pytest.mark.parametrize(
    "name",
    [
        *("aiohttp", "aiosignal", "aiohappyeyeballs", "attr", "certifi", "cffi", "frozenlist", "idna", "multidict"),
        *("oscrypto", "propcache", "yarl", "pyhanko_certvalidator.fetchers.aiohttp_fetchers"),
    ],
)
def test_what_only_fetches_from_a_network_is_left_out(name: str) -> None:
    assert name in parts.EXCLUDED


def test_what_sending_needs_stays() -> None:
    assert not {"ssl", "truststore", "http", "http.client", "urllib.request", "_cffi_backend"} & {*parts.EXCLUDED}
