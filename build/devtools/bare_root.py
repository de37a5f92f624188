"""Runs the README's two commands on a machine that nobody prepared: a bare Debian root with a fresh clone in it.

    python3 build/dev.py bare-test [--suite bookworm] [--command run|test|...] [--person root|sudo|plain]
                                   [--zone Asia/Bangkok] [--locale th_TH.UTF-8] [--keep] [-- arguments of test]

The root is Debian's minimal variant with python3, python3-pip, ca-certificates and git, and nothing else; the clone
holds what is committed. This machine's own package sources, certificates and settings of pip are copied in, so that no
host is named anywhere. Without ``--command`` both commands run, ``run`` first; with it that one, or several in order:
``--command "windows --twice" --command windows-test`` builds and tries the Windows program where nobody prepared
anything, and ``freeze`` and ``freeze-test`` the one for Linux. ``--person`` is who types them: root
(the default), a user who may use sudo, or a user who may not; for the last one the packages that ``dev.py`` names are
installed by root, exactly as its sentence says, and the command is typed again. Needs Linux and root. Exit code 1 when
a command failed, or when a bare root cannot be made here.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from devtools.declared import tools_of
from devtools.messages import Stop, say
from devtools.system import set_up_system

INCLUDED = ("python3", "python3-pip", "ca-certificates", "git")
COMMANDS = ("run", "test", "freeze", "freeze-test", "windows", "windows-test")
CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"
APT_SETTINGS = re.compile(
    r'^Acquire::(?:(?:http|https|ftp)::\S+|Check-Valid-Until|Check-Date|Retries) ".*";$', re.MULTILINE
)
PIP_SETTINGS = re.compile(r"^global\.(index-url|extra-index-url|trusted-host|proxy|timeout)='(.*)'$", re.MULTILINE)
PASSED_ON = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "PIP_INDEX_URL")
WANTED_PACKAGES = re.compile(r"as root: apt-get install ([a-z0-9.+ -]+)$", re.MULTILINE)
OWN_MOUNTS = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private")
"""What is mounted in the root is seen by the program that mounts it and by no other, and ends with it. So the root can
be removed at any moment, without reaching through a mount into the machine's own /proc, /sys or /dev."""
_ENTER = (
    # A mount point of its own, as "/" is on every PC: without one, nothing inside could enter a root in turn.
    'root=$1; shift; mount --bind "$root" "$root" || exit 125; '
    'mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" || exit 125; '
    'exec /usr/sbin/chroot "$root" "$@"'
)


# ---- decisions -------------------------------------------------------------------------------------------------------


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


def typed_words(command: str) -> list[str]:
    """Return the words of a command of dev.py, with its arguments.

    Raises:
        ArgumentTypeError: it is none that is typed in a bare root.
    """
    words = shlex.split(command)
    if not words or words[0] not in COMMANDS:
        raise argparse.ArgumentTypeError(f"not one of {', '.join(COMMANDS)}")
    return words


def counted(output: str) -> dict[str, int]:
    """Return what the closing line of pytest counts, by its words; empty without such a line."""
    closing = re.findall(r"^=* ?(\d+ (?:passed|failed|error)[^=]*?) in [\d.]+s", output, re.MULTILINE)
    return {word: int(number) for number, word in re.findall(r"(\d+) (\w+)", closing[-1])} if closing else {}


# ---- the root --------------------------------------------------------------------------------------------------------


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
    own = _own_suite()
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


def clone(project: Path, root: BareRoot) -> str:
    """Put a fresh clone of what is committed into the person's home; return its folder as seen from inside.

    Raises:
        Stop: the project cannot be cloned.
    """
    home = "/root" if root.person == "root" else f"/home/{root.user}"
    target = root.folder / home.lstrip("/") / "dgdesk"
    for words in (
        ["git", "clone", "--quiet", "--no-hardlinks", str(project), str(target)],
        ["git", "-C", str(target), "remote", "remove", "origin"],
    ):
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Stop(f"the project could not be cloned: {done.stderr.strip().splitlines()[-1:]}")
    changed = subprocess.run(
        ["git", "-C", str(project), "status", "--porcelain"], capture_output=True, text=True, check=False
    ).stdout
    if changed:
        say(f"{len(changed.splitlines())} files here are not committed; the bare root gets what is committed")
    if root.person != "root":
        root.must("chown", ["chown", "-R", f"{root.user}:{root.user}", home])
    return f"{home}/dgdesk"


def _own_suite() -> str:
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


# ---- the trial -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """How one command ended."""

    command: str
    code: int
    seconds: float
    tests: Mapping[str, int]

    def sentence(self) -> str:
        """One line about it."""
        tests = ", ".join(f"{number} {word}" for word, number in self.tests.items())
        end = "ended well" if self.code == 0 else f"FAILED with code {self.code}"
        return f"`{self.command}` {end} in {self.seconds:.0f} s" + (f": {tests}" if tests else "")


def tried(root: BareRoot, words: Sequence[str], folder: str) -> Result:
    """Type a command as the person does; for a person without rights, install what its sentence asks for and repeat."""
    started = time.monotonic()
    code, output = root.typed(words, folder)
    asked = WANTED_PACKAGES.search(output) if root.person == "plain" else None
    if code == 1 and asked:
        say("the person may not install packages; root now installs what the sentence names")
        root.must("apt-get", ["apt-get", "-q", "update"])
        root.must("apt-get", ["apt-get", "-q", "install", "-y", "--no-install-recommends", *asked[1].split()])
        code, output = root.typed(words, folder)
    return Result(shlex.join(words), code, time.monotonic() - started, counted(output))


def main(project: Path, work: Path, arguments: Sequence[str]) -> int:
    """Do what the arguments ask for; see the module's text.

    Raises:
        Stop: a bare root cannot be made here.
    """
    parser = argparse.ArgumentParser(
        prog="dev.py bare-test", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--suite", default=None, help="a Debian release, such as bookworm or trixie; else this one")
    parser.add_argument("--command", type=typed_words, action="append", help="may be given several times")
    parser.add_argument("--person", choices=("root", "sudo", "plain"), default="root")
    parser.add_argument("--zone", default=None, help="TZ of the person, such as Asia/Bangkok")
    parser.add_argument("--locale", default=None, help="language of the person, such as th_TH.UTF-8")
    parser.add_argument("--keep", action="store_true", help="leave the root in .work/bare")
    parser.add_argument("rest", nargs="*", help="arguments of `dev.py test`")
    given = parser.parse_args(arguments)
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        raise Stop("a bare root can be made on Debian, by root, and nowhere else; start this command as root there.")
    set_up_system({}, tools_of("bare-test"))
    suite = given.suite or _own_suite()
    packages = [*INCLUDED]
    packages += ["sudo"] if given.person == "sudo" else []
    packages += ["tzdata"] if given.zone else []
    packages += ["locales"] if given.locale else []
    folder = work / f"{suite}-{os.getpid()}"
    variables = {name: value for name, value in (("TZ", given.zone), ("LANG", given.locale)) if value}
    root = BareRoot(folder, given.person, variables)
    started = time.monotonic()
    try:
        make_root(folder, suite, packages)
        if given.locale:
            name, _, charset = given.locale.partition(".")
            root.must("localedef", ["localedef", "-i", name, "-f", charset or "UTF-8", given.locale])
        if given.person != "root":
            root.must("useradd", ["useradd", "--create-home", "--shell", "/bin/sh", root.user])
        if given.person == "sudo":
            rule = f"{root.user} ALL=(ALL) NOPASSWD: ALL\n"
            (folder / "etc" / "sudoers.d" / root.user).write_text(rule, encoding="ascii")
        inside = clone(project, root)
        about = subprocess.run(
            root.command(["python3", "--version"]), env=root.environment(), capture_output=True, text=True, check=False
        ).stdout.strip()
        say(f"bare root ready after {time.monotonic() - started:.0f} s: Debian {suite}, {about}")
        results = []
        for words in given.command or (["run"], ["test"]):
            more = given.rest if words == ["test"] else []
            say(f"typing as {given.person}: python3 build/dev.py {shlex.join([*words, *more])}")
            results.append(tried(root, ["python3", "build/dev.py", *words, *more], inside))
    finally:
        if not given.keep:
            remove_root(folder)
    who = " ".join([f"Debian {suite}", about, given.person, *(f"{name}={value}" for name, value in variables.items())])
    print()
    for result in results:
        say(f"bare root, {who}: {result.sentence()}")
    return 0 if all(result.code == 0 for result in results) else 1
