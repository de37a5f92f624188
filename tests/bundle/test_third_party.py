"""What anybody can check with public tools alone, in the order that the contract names."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bundle.support import BAG, NOW, info, payload
from dgdesk.bundle.archive import bag
from dgdesk.bundle.export import export_bundle
from dgdesk.bundle.signing.identity import create_identity
from tools import needs

OPENSSL = (
    "openssl cms -verify -cades -binary -inform DER -in signatures/tagmanifest-sha256.txt.p7s "
    "-content tagmanifest-sha256.txt -CAfile signer.pem -no-CApath -no-CAstore -purpose any -out"
)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bag unpacked by Python's own zip reader, with the signer's certificate beside it.

    OpenSSL asks the computer's clock whether the certificate holds, so this one is made now.
    """
    folder = tmp_path_factory.mktemp("bag")
    now = max(datetime.now(UTC), NOW)
    signer = create_identity(folder / "id", person="สมชาย ใจดี", province="จังหวัดน่าน", passphrase=None, now=now)
    export_bundle(folder / "x.zip", name=BAG, payload=payload(), info=info(), identity=signer, claimed_time=now)
    with zipfile.ZipFile(folder / "x.zip") as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture
def opened(unpacked: Path, tmp_path: Path) -> Path:
    shutil.copytree(unpacked / BAG, tmp_path / BAG)
    return tmp_path / BAG


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def openssl(opened: Path, certificate: Path) -> subprocess.CompletedProcess[str]:
    shutil.copy(certificate, opened.parent / "signer.pem")
    command = [part.replace("signer.pem", "../signer.pem") for part in OPENSSL.split()]
    return run([*command, str(opened.parent / "out")], opened)


@needs("openssl")
def test_openssl_accepts_the_signature_and_nothing_else(unpacked: Path, opened: Path, tmp_path: Path) -> None:
    certificate = unpacked / "id" / "signer.pem"
    done = openssl(opened, certificate)
    assert (done.returncode, done.stderr.strip()) == (0, "CAdES Verification successful"), done.stderr
    with (opened / "tagmanifest-sha256.txt").open("ab") as stream:
        stream.write(b" ")
    assert openssl(opened, certificate).returncode != 0


@needs("openssl")
def test_openssl_refuses_another_signer(opened: Path, tmp_path: Path) -> None:
    now = max(datetime.now(UTC), NOW)
    create_identity(tmp_path / "other", person="สมชาย ใจดี", province="จังหวัดน่าน", passphrase=None, now=now)
    assert openssl(opened, tmp_path / "other" / "signer.pem").returncode != 0


@needs("sha256sum")
def test_sha256sum_accepts_the_tag_files_and_the_payload(opened: Path) -> None:
    for manifest in ("tagmanifest-sha256.txt", "manifest-sha256.txt"):
        done = run(["sha256sum", "--strict", "-c", manifest], opened)
        assert done.returncode == 0, done.stderr
    (opened / "bagit.txt").write_bytes(b"changed")
    assert run(["sha256sum", "-c", "tagmanifest-sha256.txt"], opened).returncode != 0


def test_bagit_accepts_the_bag(opened: Path) -> None:
    done = run([sys.executable, "-m", "bagit", "--validate", "."], opened)
    assert done.returncode == 0, done.stderr
    (opened / "data" / "score.json").write_bytes(b"{}")
    assert run([sys.executable, "-m", "bagit", "--validate", "."], opened).returncode != 0


PROFILE = Path(__file__).parents[2] / "docs/bagit-profile.json"
VALIDATE = """
import json, sys, bagit, bagit_profile
profile = bagit_profile.Profile(sys.argv[1], profile=json.load(open(sys.argv[2], encoding="utf-8")))
sound = profile.validate(bagit.Bag("."))
print(profile.report)
sys.exit(not sound)
"""


def follows_profile(bag_folder: Path) -> subprocess.CompletedProcess[str]:
    """Ask the validator of the BagIt profiles' authors."""
    return run([sys.executable, "-c", VALIDATE, bag.PROFILE_1, str(PROFILE)], bag_folder)


def test_the_profile_that_each_bag_names_is_the_published_one_and_holds(opened: Path) -> None:
    named = json.loads(PROFILE.read_text(encoding="utf-8"))["BagIt-Profile-Info"]["BagIt-Profile-Identifier"]
    info = (opened / "bag-info.txt").read_text(encoding="utf-8")
    assert f"BagIt-Profile-Identifier: {named}\n" in info and named == bag.PROFILE_1
    done = follows_profile(opened)
    assert done.returncode == 0, done.stdout
    (opened / "bag-info.txt").write_text(info.replace("Source-Organization", "Source-Organisation"), encoding="utf-8")
    assert "Source-Organization" in follows_profile(opened).stdout
    (opened / "bag-info.txt").write_text(info.replace(named, "urn:uuid:0"), encoding="utf-8")
    assert follows_profile(opened).returncode != 0
    (opened / "bag-info.txt").write_text(info, encoding="utf-8")
    (opened / "signatures/tagmanifest-sha256.txt.p7s").unlink()
    assert follows_profile(opened).returncode != 0
