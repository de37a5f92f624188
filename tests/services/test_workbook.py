"""A survey's workbook that LibreOffice saved again holds the same survey."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from cli.support import done
from dgdesk.draft.drafts import newest_edition
from tools import needs


@pytest.mark.services
@needs("soffice")
def test_a_workbook_that_libreoffice_saved_is_the_same_survey(tmp_path: Path) -> None:
    done("questionnaire", "to-xlsx", tmp_path / "book.xlsx")
    office = str(Path(shutil.which("soffice") or "soffice").resolve())
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    form = "xlsx:Calc MS Excel 2007 XML"
    command = [office, home, "--headless", "--convert-to", form, "--outdir", str(tmp_path / "saved")]
    # soffice is a script that calls tools of the system by name
    system = {**os.environ, "PATH": "/usr/bin:/bin"}
    subprocess.run([*command, str(tmp_path / "book.xlsx")], env=system, check=True, capture_output=True, timeout=100)

    done("questionnaire", "from-xlsx", tmp_path / "saved" / "book.xlsx", tmp_path / "made")

    compared = done("questionnaire", "diff", newest_edition(), tmp_path / "made", "--json").json
    assert compared["differences"] == []
