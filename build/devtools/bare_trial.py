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
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from devtools.bare_root import BareRoot, make_root, own_suite, remove_root
from devtools.declared import tools_of
from devtools.messages import Stop, say
from devtools.system import set_up_system

INCLUDED = ("python3", "python3-pip", "ca-certificates", "git")
COMMANDS = ("run", "test", "freeze", "freeze-test", "windows", "windows-test")
WANTED_PACKAGES = re.compile(r"as root: apt-get install ([a-z0-9.+ -]+)$", re.MULTILINE)


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
    suite = given.suite or own_suite()
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
