"""What bears no signature gets one, what bears one keeps it, and a signer that fails leaves everything as it was."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from made_pe import pe as made
from windows import pe, sign
from windows.machine import Trouble


@pytest.fixture
def program(tmp_path: Path) -> Path:
    folder = tmp_path / "โปรแกรม"
    (folder / "_internal").mkdir(parents=True)
    (folder / "dgdesk.exe").write_bytes(made(["kernel32.dll"]))
    (folder / "_internal" / "a.PYD").write_bytes(made())
    (folder / "_internal" / "microsoft.dll").write_bytes(made(signed=True))
    (folder / "_internal" / "text.txt").write_bytes(b"text")
    return folder


def signing(command: list[str]) -> subprocess.CompletedProcess[str]:
    content = Path(command[command.index("-in") + 1]).read_bytes()
    Path(command[command.index("-out") + 1]).write_bytes(pe.with_checksum(made(signed=True, tail=content)))
    return subprocess.CompletedProcess(command, 0, "", "")


def test_only_what_has_no_signature_is_signed(program: Path) -> None:
    bare = sign.unsigned(program)
    assert [path.name for path in bare] == ["a.PYD", "dgdesk.exe"]
    before = (program / "_internal" / "microsoft.dll").read_bytes()
    sign.sign(bare, sign.Signer(("-key", "k")), signing)
    assert sign.unsigned(program) == [] and len(sign.programs(program)) == 3
    assert (program / "_internal" / "microsoft.dll").read_bytes() == before
    assert not list(program.rglob("*.part"))


def test_another_name_of_the_same_file_stays_unsigned(program: Path) -> None:
    other = program.parent / "frozen.exe"
    other.hardlink_to(program / "dgdesk.exe")
    sign.sign([program / "dgdesk.exe"], sign.Signer(("-key", "k")), signing)
    assert not pe.read(other.read_bytes()).signed


@pytest.mark.parametrize("content", [None, made(), made(signed=True)])
def test_a_signer_that_fails_or_errs_leaves_the_file_as_it_was(program: Path, content: bytes | None) -> None:
    before = (program / "dgdesk.exe").read_bytes()

    def failing(command: list[str]) -> subprocess.CompletedProcess[str]:
        if content is not None:
            Path(command[command.index("-out") + 1]).write_bytes(content)
        return subprocess.CompletedProcess(command, int(content is None), "", "the token is locked\nFailed\n")

    with pytest.raises(Trouble, match=r"dgdesk\.exe .*(token is locked|checksum)"):
        sign.sign([program / "dgdesk.exe"], sign.Signer(("-key", "k")), failing)
    assert (program / "dgdesk.exe").read_bytes() == before
    assert not list(program.rglob("*.part"))


def test_options_are_typed_as_for_osslsigncode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("office.pem", "a key.pem", "module.so"):
        (tmp_path / name).touch()
    told = sign.signer("-certs office.pem -key 'a key.pem' -ts http://stamp.example")
    assert told.options[1::2] == (str(tmp_path / "office.pem"), str(tmp_path / "a key.pem"), "http://stamp.example")
    token = sign.signer("-pkcs11module module.so -pkcs11cert pkcs11:id=1 -key pkcs11:id=1")
    assert token.options[-1] == "pkcs11:id=1"
    command = token.command(Path("/a"), Path("/b"))
    assert command[:2] == ["osslsigncode", "sign"] and command[-4:] == ["-in", "/a", "-out", "/b"]


@pytest.mark.parametrize("told", ["-certs office.pem", "-certs gone.pem -key gone.key", "-key gone.key"])
def test_a_key_that_is_not_named_or_not_there_is_told_before_anything_is_signed(
    told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "office.pem").touch()
    with pytest.raises(Trouble, match=r"no key|no such file"):
        sign.signer(told)
