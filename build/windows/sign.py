"""Signs Windows programs and libraries that bear no signature yet, with osslsigncode and a given certificate.

Signatures of Microsoft, Qt and Python stay. What is signed bears the right checksum afterwards.
"""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from windows import pe
from windows.machine import Trouble

DESCRIPTION = "dgdesk"
"""What Windows shows as the name of what is signed."""
_FILES = frozenset({"-certs", "-key", "-pkcs12", "-readpass", "-ac", "-pkcs11module", "-pkcs11engine"})
"""Options whose value is a file, or for a key perhaps a `pkcs11:` address."""


class Signer(NamedTuple):
    """Who signs: osslsigncode's options for certificate, key and time stamp."""

    options: tuple[str, ...]

    def command(self, source: Path, target: Path) -> list[str]:
        """Return the command that signs one file into another."""
        files = ("-in", str(source), "-out", str(target))
        return ["osslsigncode", "sign", *self.options, "-h", "sha256", "-n", DESCRIPTION, *files]


def signer(told: str) -> Signer:
    """Read the options as one types them: ``-certs agency.pem -key agency.key -ts ADDRESS``.

    Files are meant from the folder where the person stands.

    Raises:
        Trouble: a key is not named, or a named file is not there.
    """
    words = shlex.split(told)
    for at, word in enumerate(words[:-1]):
        if word in _FILES and not words[at + 1].startswith("pkcs11:"):
            path = Path(words[at + 1]).absolute()
            if not path.is_file():
                raise Trouble(f"{word} names {words[at + 1]}, and there is no such file.")
            words[at + 1] = str(path)
    if not {"-key", "-pkcs12"} & set(words):
        raise Trouble("the options for signing name no key: -key, or -pkcs12.")
    return Signer(tuple(words))


def programs(folder: Path) -> list[Path]:
    """Return all programs and libraries below a folder."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in pe.ENDINGS and path.is_file())


def unsigned(folder: Path) -> list[Path]:
    """Return the programs and libraries below a folder that bear no signature."""
    return [path for path in programs(folder) if not pe.read(path.read_bytes()).signed]


def sign(
    files: Sequence[Path], by: Signer, run: Callable[[list[str]], subprocess.CompletedProcess[str]] | None = None
) -> None:
    """Sign files, each whole or not at all; other names of the same file stay as they are.

    Raises:
        Trouble: one cannot be signed; those before it are.
    """
    start = run or _run
    for path in files:
        part = path.with_name(f"{path.name}.part")
        part.unlink(missing_ok=True)
        done = start(by.command(path, part))
        if done.returncode != 0 or not part.exists():
            part.unlink(missing_ok=True)
            words = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
            raise Trouble(f"{path.name} cannot be signed: {' / '.join(words[-2:]) or 'no word said'}")
        content = part.read_bytes()
        told = pe.read(content)
        if not told.signed or told.checksum != pe.right_checksum(content):
            part.unlink()
            raise Trouble(f"{path.name} bears no signature or a wrong checksum after it was signed.")
        part.replace(path)


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    # The key may ask for its PIN.
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)


def trial_certificate(folder: Path) -> Signer:
    """Make a certificate that nobody trusts, for a trial, and return who signs with it.

    Raises:
        Trouble: openssl cannot make it.
    """
    key, certificate = folder / "trial.key", folder / "trial.pem"
    call = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=dgdesk trial"]
    call += ["-addext", "extendedKeyUsage=codeSigning", "-keyout", str(key), "-out", str(certificate)]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Trouble(f"openssl cannot make a certificate: {done.stderr.strip().splitlines()[-1:]}")
    return Signer(("-certs", str(certificate), "-key", str(key)))


def not_by(by: Signer, files: Sequence[Path]) -> list[Path]:
    """Return the files whose signature is not by the first certificate of ``-certs``, or does not fit their bytes."""
    certificate = by.options[by.options.index("-certs") + 1]
    wrong = []
    for path in files:
        call = ["osslsigncode", "verify", "-CAfile", certificate, "-in", str(path)]
        if subprocess.run(call, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode != 0:
            wrong.append(path)
    return wrong
