"""A bare Debian root, made with this machine's own package sources, and how somebody works in it.

The root is Debian's minimal variant with the packages that are asked for. This machine's package sources, certificates
and settings of pip are copied in, so that no host is named anywhere. Needs Linux and root.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from devtools.messages import Stop, say

CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"
APT_SETTINGS = re.compile(
    r'^Acquire::(?:(?:http|https|ftp)::\S+|Check-Valid-Until|Check-Date|Retries) ".*";$', re.MULTILINE
)
PIP_SETTINGS = re.compile(r"^global\.(index-url|extra-index-url|trusted-host|proxy|timeout)='(.*)'$", re.MULTILINE)
PASSED_ON = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "PIP_INDEX_URL")
OWN_MOUNTS = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private")
"""What is mounted in the root is seen by the program that mounts it and by no other, and ends with it. So the root can
be removed at any moment, without reaching through a mount into the machine's own /proc, /sys or /dev."""
_ENTER = (
    # A mount point of its own, as "/" is on every PC: without one, nothing inside could enter a root in turn.
    'root=$1; shift; mount --bind "$root" "$root" || exit 125; '
    'mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" || exit 125; '
    'exec /usr/sbin/chroot "$root" "$@"'
)


def sources_for(text: str, own: str, wanted: str) -> str:
    """Return the package sources of a file that belong to this Debian, changed to another release of it.

    Both of apt's formats are read: one line a source, or paragraphs of fields. Sources of other suites (those of other
    people) and sources that are switched off are left out.
    """
    kept = []
    for part in re.split(r"\n\s*\n", text.strip()):
        lines = [line for line in part.splitlines() if not line.lstrip().startswith("#")]
        suites = next((line for line in lines if line.lower().startswith("suites:")), None)
        if suites is None:
            kept += [_renamed(line, own, wanted) for line in lines if re.match(rf"deb\s.*\s{re.escape(own)}\b", line)]
        elif re.search(rf"\b{re.escape(own)}\b", suites) and not re.search(r"(?im)^enabled:\s*no\b", part):
            changed = [_renamed(line, own, wanted) if line is suites else line for line in lines]
            kept.append("\n".join(changed) + "\n")
    return "".join(f"{each}\n" for each in kept)


def _renamed(line: str, own: str, wanted: str) -> str:
    return re.sub(rf"(?<=\s){re.escape(own)}(?=$|[\s/-])", wanted, line)


def pip_settings(listing: str) -> str:
    """Return pip.conf for the bare root from what ``pip config list`` says; files of this machine are left out."""
    lines = ["[global]", f"cert = /{CERTIFICATES}"]
    for name, value in PIP_SETTINGS.findall(listing):
        values = [each for each in value.replace("\\n", " ").split() if not each.startswith(("file:", "/"))]
        if values:
            lines.append(f"{name} = {' '.join(values)}")
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class BareRoot:
    """A bare Debian below ``folder``, and who works in it."""

    folder: Path
    person: str = "root"
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def user(self) -> str:
        """The name of the person's account; those who are not root have one that no group of Debian's bears."""
        return "root" if self.person == "root" else "newcomer"

    def command(self, words: Sequence[str], *, as_root: bool = False, folder: str = "/") -> list[str]:
        """Return the command that runs a program inside; its mounts and children end with it."""
        inside = ["sh", "-c", 'cd "$1" && shift && exec "$@"', "sh", folder, *words]
        if self.person != "root" and not as_root:
            inside = ["setpriv", "--reuid", self.user, "--regid", self.user, "--init-groups", *inside]
        return [*OWN_MOUNTS, "sh", "-c", _ENTER, "sh", str(self.folder), *inside]

    def environment(self, *, as_root: bool = False) -> dict[str, str]:
        """Return the variables that a program inside gets, and no others."""
        root = as_root or self.person == "root"
        path = "/usr/local/bin:/usr/bin:/bin"
        return {
            "PATH": f"/usr/local/sbin:/usr/sbin:/sbin:{path}" if root else path,
            "HOME": "/root" if root else f"/home/{self.user}",
            **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
            **self.variables,
        }

    def must(self, what: str, words: Sequence[str]) -> None:
        """Run a program inside as root that has to succeed.

        Raises:
            Stop: it failed.
        """
        done = subprocess.run(
            self.command(words, as_root=True),
            env=self.environment(as_root=True) | {"DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode != 0:
            last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no reason given"]
            raise Stop(f"{what} failed in the bare root: {last[0]}")

    def typed(self, words: Sequence[str], folder: str) -> tuple[int, str]:
        """Run a command inside as the person types it, show its output as it comes, and return code and output."""
        process = subprocess.Popen(
            self.command(words, folder=folder),
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        lines = []
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
        return process.wait(), "".join(lines)


def make_root(folder: Path, suite: str, packages: Sequence[str], options: Sequence[str] = ()) -> None:
    """Make a bare root of a Debian release in ``folder``, with the machine's own sources, certificates and settings.

    Needs no lists of apt on this machine. ``options`` are further ones of mmdebstrap.

    Raises:
        Stop: it cannot be made here.
    """
    own = own_suite()
    sources = _own_sources(own, suite)
    if not sources:
        raise Stop("this machine has no package source of its own Debian, so a bare root cannot be made here.")
    remove_root(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    listed, settings, log = (folder.parent / f"{suite}{ending}" for ending in (".sources", ".conf", ".log"))
    # mmdebstrap tells the two formats apart by the name.
    listed = listed if "URIs:" in sources else listed.with_suffix(".list")
    listed.write_text(sources, encoding="utf-8")
    dump = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=False).stdout
    settings.write_text("".join(f"{line}\n" for line in APT_SETTINGS.findall(dump)), encoding="utf-8")
    say(f"making a bare root of Debian {suite}: {' '.join(packages)}")
    call = [
        *OWN_MOUNTS,
        "mmdebstrap",
        "--variant=minbase",
        "--mode=root",
        f"--aptopt={settings}",
        f"--include={','.join(packages)}",
        *options,
    ]
    with log.open("wb") as stream:
        made = subprocess.run(
            [*call, suite, str(folder), str(listed)],
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            check=False,
        )
    if made.returncode != 0:
        said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        last = next((line for line in reversed(said) if line.startswith(("E:", "unshare:"))), *said[-1:] or ["?"])
        raise Stop(f"mmdebstrap could not make a bare root of Debian {suite}: {last} (all of its words: {log})")
    if Path("/", CERTIFICATES).is_file():
        shutil.copy(Path("/", CERTIFICATES), folder / CERTIFICATES)
    listing = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    (folder / "etc" / "pip.conf").write_text(pip_settings(listing), encoding="utf-8")


def remove_root(folder: Path) -> None:
    """Remove a bare root, without following anything that is mounted in it; nothing if it is not there."""
    subprocess.run(["rm", "-rf", "--one-file-system", str(folder)], capture_output=True, check=False)


def own_suite() -> str:
    """Return the name of this machine's Debian release."""
    told = dict(
        line.split("=", 1)
        for line in Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
        if line.count("=") >= 1
    )
    return told.get("VERSION_CODENAME", "").strip('"')


def _own_sources(own: str, wanted: str) -> str:
    folder = Path("/etc/apt")
    files = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]
    texts = [
        path.read_text(encoding="utf-8") for path in files if path.suffix in (".list", ".sources") and path.is_file()
    ]
    return "\n".join(filter(None, (sources_for(text, own, wanted) for text in texts)))
