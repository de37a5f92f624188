"""The audit: what it reads of licences and of pip-audit's report, and that it never calls silence a good sign."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

AUDIT = Path(__file__).parents[2] / "build" / "dependencies.py"


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dgdesk_dependencies", AUDIT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("licence", ["MIT", "LGPL-3.0-only OR GPL-3.0-only", "MPL-2.0", "BSD License", "MIT-CMU"])
def test_licences_that_fit(audit: ModuleType, licence: str) -> None:
    assert audit.fits(licence)


@pytest.mark.parametrize("licence", ["", "GPL-3.0-only", "AGPL-3.0-or-later", "GNU Affero General Public License v3"])
def test_licences_that_do_not(audit: ModuleType, licence: str) -> None:
    assert not audit.fits(licence)


def test_what_is_installed_is_as_pinned_and_fits() -> None:
    done = subprocess.run([sys.executable, AUDIT, "--offline"], capture_output=True, text=True, check=False)
    assert "WRONG" not in done.stdout and done.returncode == 0, done.stdout + done.stderr
    assert "KNOWN WEAKNESSES: not asked in full (--offline)" in done.stdout


def test_weaknesses_are_read_out_of_the_report(audit: ModuleType) -> None:
    flaw = {"id": "PYSEC-1", "fix_versions": ["2"]}
    report = {"dependencies": [{"name": "a", "version": "1", "vulns": [flaw]}, {"name": "b", "skip_reason": "unknown"}]}
    flaws, why = audit.read_report(json.dumps(report), "")
    assert flaws == ["a 1: PYSEC-1, mended in 2"] and why == "not asked for: b (unknown)"


@pytest.mark.parametrize("told", ["", "[]", "Traceback", '{"dependencies": [{}'])
def test_no_report_means_not_asked(audit: ModuleType, told: str) -> None:
    flaws, why = audit.read_report(told, "Connection refused")
    assert flaws == [] and "cannot be reached" in why
