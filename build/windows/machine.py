"""The machine with wine: a Debian 13 in a folder of its own, a Windows Python in it, and how programs are run there.

Everything lies in one folder, by the same path inside and outside. `prepare` sets it up.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from windows import pe

WINE = "/usr/lib/wine/wine64"
WINE_FILES = ("usr/lib/x86_64-linux-gnu/wine/x86_64-windows", "usr/lib/x86_64-linux-gnu/wine/i386-windows")
"""Where Debian's wine has the libraries that it copies into each prefix."""
REGISTERED_LAST = r"clsid\\{00021401-0000-0000-c000-000000000046}"
"""In wine's registry: a class that each Windows has, which wine registers when it sets one up."""
MOUNTS = ("unshare", "--mount", "--propagation", "private")
_ENTER = (
    'root=$1; shift; mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" || exit 125; '
    'while [ "$1" != -- ]; do if [ -d "$1" ]; then mkdir -p "$root$2"; fi; '
    'mount --bind "$1" "$root$2" || exit 125; shift 2; done; shift; exec chroot "$root" "$@"'
)


class Trouble(Exception):
    """The machine cannot do what it is asked; the text is one sentence for the person at the keyboard."""


def say(text: str) -> None:
    """Tell the person what happens, at once."""
    print(f"windows: {text}", flush=True)


def windows_path(path: Path) -> str:
    """Return how a Windows program under wine names a file of this PC."""
    return "Z:" + str(path).replace("/", "\\")


@dataclass(frozen=True)
class Machine:
    """A Debian 13 with wine below ``home``; ``project`` is seen inside by the same path."""

    home: Path
    project: Path
    person: str = "root"
    """The name of the person at work in it; Windows calls the person's folder so."""
    variables: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    """Libraries, without endings, that wine has and Windows has not: programs get their own or none."""

    @property
    def root(self) -> Path:
        """The Debian."""
        return self.home / "debian"

    @property
    def python(self) -> Path:
        """The Windows Python's folder."""
        return self.home / "python"

    @property
    def pattern(self) -> Path:
        """A wine prefix that is copied, never used."""
        return self.home / "prefix"

    def command(self, words: Sequence[str], folder: Path | None = None) -> list[str]:
        """Return the command that runs a program inside."""
        binds = [str(self.home), str(self.home), str(self.project), str(self.project)]
        if self.person != "root":
            users = self.home / "passwd"
            users.write_text(f"{self.person}:x:0:0::/root:/bin/sh\n", encoding="utf-8")
            binds += [str(users), "/etc/passwd"]
        inside = ["sh", "-c", 'cd "$1" && shift && exec "$@"', "sh", str(folder or self.home), *words]
        return [
            *(*MOUNTS, "sh", "-c", _ENTER, "sh"),
            *(str(self.root), *binds, "--", *inside),
        ]

    def environment(self, extra: Mapping[str, str]) -> dict[str, str]:
        """Return the variables that a program inside gets, and no others."""
        return {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root",
            "LANG": "C.UTF-8",
            "XDG_RUNTIME_DIR": "/tmp",
            "DEBIAN_FRONTEND": "noninteractive",
            **self.variables,
            **extra,
        }

    def run(
        self,
        words: Sequence[str],
        extra: Mapping[str, str] | None = None,
        folder: Path | None = None,
        most_seconds: float = 1800,
        log: Path | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program inside and wait for it; ``log`` receives what it says, else the result does (see `text_of`)."""
        command, variables = self.command(words, folder), self.environment(extra or {})
        if log is None:
            done = subprocess.run(
                command,
                env=variables,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=most_seconds,
                check=False,
            )
            return subprocess.CompletedProcess(command, done.returncode, text_of(done.stdout), text_of(done.stderr))
        # A pipe, because wine passes nothing on to a plain file.
        with log.open("ab") as stream:
            teller = subprocess.Popen(
                command, env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            )
            assert teller.stdout is not None
            shutil.copyfileobj(teller.stdout, stream)
            return subprocess.CompletedProcess(command, teller.wait(most_seconds), "", "")

    def must(self, what: str, words: Sequence[str], **options: object) -> str:
        """Run a program inside that has to succeed, and return what it says.

        Raises:
            Trouble: it failed.
        """
        done = self.run(words, **options)  # type: ignore[arg-type]  # options are of several types
        if done.returncode != 0:
            log = options.get("log")
            told = last_words(log) if isinstance(log, Path) else done.stderr or done.stdout
            last = " / ".join(told.strip().splitlines()[-3:]) or "no word said"
            more = f" (all of its words: {log})" if log else ""
            raise Trouble(f"{what} failed with code {done.returncode}: {last}{more}")
        return done.stdout

    def wine_variables(self, prefix: Path) -> dict[str, str]:
        """Return the variables of Windows programs in a prefix."""
        return {
            "WINEPREFIX": str(prefix),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            # No offer to fetch .NET and Gecko, no icons for the desktop of this PC.
            "WINEDLLOVERRIDES": ";".join(
                ["mscoree,mshtml=", "winemenubuilder.exe=d", *([f"{','.join(self.without)}=n"] if self.without else [])]
            ),
        }

    def wine(
        self, prefix: Path, words: Sequence[str], extra: Mapping[str, str] | None = None, **options: object
    ) -> subprocess.CompletedProcess[str]:
        """Run a Windows program."""
        call = [WINE, *words]
        variables = {**self.wine_variables(prefix), **(extra or {})}
        return self.run(call, variables, **options)  # type: ignore[arg-type]  # options are of several types

    def start(self, prefix: Path, words: Sequence[str], extra: Mapping[str, str] | None = None) -> None:
        """Start a Windows program as Explorer does, with whatever opens such a file, and do not wait for it."""
        # Wine's `start` and a pipe to it stay as long as the program that was started.
        subprocess.Popen(
            self.command([WINE, "start", "/unix", *words]),
            env=self.environment({**self.wine_variables(prefix), **(extra or {})}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def settle(self, prefix: Path, end: bool = False) -> None:
        """Wait until all Windows programs of a prefix have ended, or end them."""
        self.run(["/usr/lib/wine/wineserver64", "-k" if end else "-w"], self.wine_variables(prefix), most_seconds=120)

    def new_prefix(self, prefix: Path) -> None:
        """Make a fresh Windows, as nobody has used it yet.

        Nothing of wine's is turned off meanwhile: it registers its parts, and ends at the first that it cannot load.

        Raises:
            Trouble: wine does not start, or left its Windows half done.
        """
        if prefix.exists():
            shutil.rmtree(prefix)
        prefix.parent.mkdir(parents=True, exist_ok=True)
        whole = replace(self, without=())
        wine = whole.wine_variables(prefix)
        whole.must("starting wine", [WINE, "wineboot", "-i"], extra=wine)
        whole.must("starting wine", [WINE, "winecfg", "-v", "win10"], extra=wine)
        whole.settle(prefix)
        if REGISTERED_LAST not in (prefix / "system.reg").read_text(encoding="utf-8", errors="replace").lower():
            raise Trouble(f"wine left its Windows half done: {prefix / 'system.reg'} lacks the maker of shortcuts.")
        share(prefix / "drive_c" / "windows", [self.root / each for each in WINE_FILES])
        shutil.copy(self.home / "shims" / "icuuc.dll", prefix / "drive_c" / "windows" / "system32")

    def copy_prefix(self, target: Path) -> None:
        """Make a copy of the pattern, in the place of what is there; libraries of Windows are shared with it."""
        if target.exists():
            shutil.rmtree(target)

        def copy(source: str, to: str) -> str:
            shared = Path(source).suffix.lower() in pe.ENDINGS and link(Path(source), Path(to))
            return to if shared else shutil.copy2(source, to)

        shutil.copytree(self.pattern, target, symlinks=True, copy_function=copy)


def text_of(said: bytes) -> str:
    """Return what a program said: in UTF-8, or in the code page of a Thai Windows."""
    try:
        return said.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return said.decode("cp874", "replace").replace("\r\n", "\n")


def last_words(log: Path) -> str:
    """Return the end of a log, nothing if there is none."""
    return log.read_bytes()[-4000:].decode("utf-8", "replace") if log.exists() else ""


def link(source: Path, target: Path) -> bool:
    """Let one file lie under a second name; False where the file system does not allow it."""
    try:
        os.link(source, target)
    except OSError:
        return False
    return True


def share(folder: Path, others: Iterable[Path]) -> int:
    """Replace files below a folder by links to equal files of the same name in other folders; return the bytes saved.

    Nothing writes into such files: wine copies its libraries into each prefix, 0.7 GB each time.
    """
    known: dict[str, list[Path]] = {}
    for other in others:
        for path in sorted(other.glob("*")):
            known.setdefault(path.name.lower(), []).append(path)
    saved = 0
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        for same in known.get(path.name.lower(), ()):
            part = path.with_name(f"{path.name}.link")
            if not same.samefile(path) and filecmp.cmp(same, path, shallow=False) and link(same, part):
                part.replace(path)
                saved += path.stat().st_size
                break
    return saved
