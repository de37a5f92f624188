"""LibreOffice reads every text of a workbook as it was answered."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from bundle.test_cells import CONVERTED, TYPED, UNCHANGED, write
from tools import needs


@pytest.mark.services
@needs("soffice")
def test_libreoffice_reads_the_same_texts(tmp_path: Path) -> None:
    texts = [text for text in (*TYPED, *CONVERTED, *UNCHANGED[:-2]) if "\x00" not in text and "\r" not in text]
    write(tmp_path / "t.xlsx", [[text] for text in texts])
    office = str(Path(shutil.which("soffice") or "soffice").resolve())
    form = "csv:Text - txt - csv (StarCalc):44,34,76"
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        office,
        home,
        "--headless",
        "--convert-to",
        form,
        "--outdir",
        str(tmp_path / "out"),
        str(tmp_path / "t.xlsx"),
    ]
    # soffice is a script that calls tools of the system by name
    system = {**os.environ, "PATH": "/usr/bin:/bin"}
    subprocess.run(command, env=system, check=True, capture_output=True, timeout=100)
    with (tmp_path / "out" / "t.csv").open(encoding="utf-8", newline="") as stream:
        assert [row[0] for row in csv.reader(stream)][1:] == texts
