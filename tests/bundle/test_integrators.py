"""The page for integrators: every command on it is run as it stands, accepts a good bundle, refuses a changed one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bundle.support import BAG, NOW, info, payload
from dgdesk.bundle.export import export_bundle
from dgdesk.bundle.signing.identity import create_identity
from tools import needs

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "integrators.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
PUBLIC = [command for command in COMMANDS if not command.startswith("dgdesk ")]
OURS = [command for command in COMMANDS if command.startswith("dgdesk ")]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder as the page assumes it: bundle, certificate, an inbox, a folder to unpack into, and the unpacked bag.

    OpenSSL asks the computer's clock whether the certificate holds, so this one is made now.
    """
    now = max(datetime.now(UTC), NOW)
    signer = create_identity(tmp_path / "id", person="สมชาย", province="จังหวัดน่าน", passphrase=None, now=now)
    bundle = tmp_path / "bundle.zip"
    export_bundle(bundle, name=BAG, payload=payload(), info=info(), identity=signer, claimed_time=now)
    (tmp_path / "signer.pem").write_bytes(signer.certificate_pem)
    (tmp_path / "inbox").mkdir()
    (tmp_path / "unpacked").mkdir()
    shutil.copy(bundle, tmp_path / "inbox" / "น่าน.zip")
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(tmp_path)
    return tmp_path


def run(command: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    program, _, rest = command.partition(" ")
    known = {"bagit.py": f"{sys.executable} -m bagit", "dgdesk": f"{sys.executable} -W error -m dgdesk"}
    world = os.environ | {"PYTHONPATH": str(ROOT / "src"), "DGDESK_HOME": str(folder / "profile")}
    line = f"{known.get(program, program)} {rest}"
    return subprocess.run(line, shell=True, cwd=folder, env=world, capture_output=True, timeout=100, check=False)


def test_the_page_names_the_tools_of_the_contract() -> None:
    assert [command.split()[0] for command in PUBLIC] == ["openssl", *["sha256sum"] * 2, "bagit.py", *["sha256sum"] * 2]
    assert len(OURS) == 6


@needs("openssl", "sha256sum")
def test_public_tools_accept_a_bundle_and_refuse_each_change(place: Path) -> None:
    for command in PUBLIC:
        done = run(command, place / BAG)
        assert done.returncode == 0, (command, done.stderr)
    for name, at in (("tagmanifest-sha256.txt", 0), ("bagit.txt", 1), ("data/score.json", 2), ("data/score.json", 3)):
        file = place / BAG / name
        content = file.read_bytes()
        file.write_bytes(content[:-2] + b"!\n")
        assert run(PUBLIC[at], place / BAG).returncode != 0, PUBLIC[at]
        file.write_bytes(content)


@pytest.mark.parametrize("command", OURS)
def test_commands_of_dgdesk_do_what_the_page_says(place: Path, command: str) -> None:
    done = run(command, place)
    assert (done.returncode, done.stderr) == (0, b""), command
    if "--extract" in command:
        assert (place / "unpacked" / BAG / "bagit.txt").is_file()
    if "collate" in command:
        assert (place / command.split()[2]).stat().st_size > 200
    for bundle in (place / "bundle.zip", place / "inbox" / "น่าน.zip"):
        bundle.write_bytes(bundle.read_bytes()[:-1])
    shutil.rmtree(place / "unpacked")
    (place / "unpacked").mkdir()
    again = command + " --replace" if "collate" in command else command
    assert run(again, place).returncode == 1 and not list((place / "unpacked").iterdir())
