"""Programs that we did not write read what dgdesk writes, and dgdesk reads what they write."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from cli.support import done, run
from dgdesk.bundle.encryption.age_keys import read_key_file

pytestmark = pytest.mark.services


def program(*words: object, folder: Path) -> str:
    """Run a program of the system that has to succeed; return what it prints."""
    ended = subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert ended.returncode == 0, (words, ended.stdout, ended.stderr)
    return ended.stdout


def table_in(path: Path) -> list[list[str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


@pytest.fixture
def age() -> str:
    found = shutil.which("age")
    assert found, "age is declared for this run"
    return found


def test_age_opens_what_dgdesk_encrypts(made: Path, tmp_path: Path, age: str) -> None:
    key, recipients = tmp_path / "key.txt", tmp_path / "recipients.txt"
    done("sealing-key", key, "--recipients", recipients)
    done("identity", "new", "--person", "สมศรี ใจดี", "--province", "เชียงใหม่", "--no-passphrase")
    sealed = tmp_path / "a.zip.age"
    done("export", "--reason", "แก้ไข", made / "demo" / "demo.dgdesk", sealed, "--encrypt-to", recipients)
    program(age, "--decrypt", "--identity", key, "--output", "a.zip", sealed, folder=tmp_path)
    done("identity", "export", tmp_path / "signer.pem")
    assert done("verify", tmp_path / "a.zip", "--trust", tmp_path / "signer.pem", "--json").json["ok"]


def test_dgdesk_opens_what_age_encrypts_with_a_key_of_its_own(made: Path, tmp_path: Path, age: str) -> None:
    keygen = shutil.which("age-keygen")
    assert keygen, "age-keygen is declared for this run"
    key = tmp_path / "key.txt"
    program(keygen, "--output", key, folder=tmp_path)
    public = program(keygen, "-y", key, folder=tmp_path).strip()
    bundle = made / "demo" / "demo.zip"
    program(age, "--recipient", public, "--output", "b.zip.age", bundle, folder=tmp_path)
    done("decrypt", tmp_path / "b.zip.age", "--key", key)
    assert (tmp_path / "b.zip").read_bytes() == bundle.read_bytes()


def test_a_key_of_age_opens_as_an_editor_saved_it_again(tmp_path: Path) -> None:
    keygen = shutil.which("age-keygen")
    assert keygen, "age-keygen is declared for this run"
    program(keygen, "-o", "k.txt", folder=tmp_path)
    in_utf16 = (tmp_path / "k.txt").read_text(encoding="utf-8").encode("utf-16")
    assert read_key_file(in_utf16)[0].startswith("AGE-SECRET-KEY-1")


def test_qpdf_finds_nothing_wrong_in_what_is_printed(made: Path, tmp_path: Path) -> None:
    for name in ("demo.pdf", "demo.signoff.pdf"):
        ended = subprocess.run(
            ["qpdf", "--check", str(made / "demo" / name)], capture_output=True, text=True, timeout=100, check=False
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        assert "No syntax or stream encoding errors" in ended.stdout


def read_by_libreoffice(workbook: Path, profile: Path) -> set[str]:
    """Every cell that LibreOffice finds in a workbook, in any sheet."""
    office = [f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    # 44: comma, 34: quote, 76: UTF-8, then: from the first line, every sheet in a file of its own
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    # A script that calls tools of the system by name, and finds its own folder from the name it was called by.
    soffice = Path(shutil.which("soffice") or "soffice").resolve()
    ended = subprocess.run(
        [soffice, *office, "--convert-to", form, "--outdir", "read", workbook.name],
        cwd=workbook.parent,
        env={**os.environ, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return {cell for path in (workbook.parent / "read").glob("*.csv") for row in table_in(path) for cell in row}


def words_of(table: list[list[str]]) -> set[str]:
    """The texts of a table that are no numbers, and not so long that a workbook puts them elsewhere."""
    assert len(table) >= 2
    return {cell for row in table for cell in row if cell and not cell.replace(".", "").isdigit() and len(cell) < 200}


def test_libreoffice_reads_the_receivers_workbook_as_it_was_written(made: Path, tmp_path: Path) -> None:
    signer = made / "demo" / "signer.pem"
    for table in ("all.xlsx", "all.csv"):
        done("collate", tmp_path / table, made / "demo" / "demo.zip", "--trust", signer)
    cells = read_by_libreoffice(tmp_path / "all.xlsx", tmp_path / "office")
    assert words_of(table_in(tmp_path / "all.csv")) - cells == set()


def test_libreoffice_and_duckdb_read_what_is_collated_from_a_ledger(made: Path, tmp_path: Path, age: str) -> None:
    key, recipients, inbox = tmp_path / "key.txt", tmp_path / "recipients.txt", tmp_path / "กล่องรับ"
    done("sealing-key", key, "--recipients", recipients)
    inbox.mkdir()
    sealed = inbox / "น่าน.zip.age"
    program(age, "--recipients-file", recipients, "--output", sealed, made / "demo" / "demo.zip", folder=tmp_path)
    intake = ("intake", inbox, "--ledger", tmp_path / "a.ledger", "--trust", made / "demo" / "signer.pem")
    assert run(*intake, "--json").json["totals"] == {"encrypted": 1}  # nobody here can open it yet
    assert done(*intake, "--key", key, "--json").json["totals"] == {"accepted": 1}
    for table in ("all.xlsx", "all.csv", "all.parquet"):
        done("collate", tmp_path / table, "--ledger", tmp_path / "a.ledger")
    written = table_in(tmp_path / "all.csv")
    assert words_of(written) - read_by_libreoffice(tmp_path / "all.xlsx", tmp_path / "office") == set()
    with duckdb.connect() as base:
        read = base.execute("SELECT * FROM read_parquet(?)", [str(tmp_path / "all.parquet")]).fetchall()
    assert len(read) == len(written) - 1
    said = [[one.astimezone(UTC).isoformat() if isinstance(one, datetime) else str(one) for one in row] for row in read]
    assert words_of(written[1:] * 2) - words_of(said * 2) == set()
