"""This computer: its display, its Debian packages, and the folder of tools that a run may see."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from devtools.messages import Stop, say

_SYSTEM_FOLDERS = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")


def has_display(platform: str, environment: Mapping[str, str]) -> bool:
    """Whether a window can open: always on Windows and macOS, elsewhere when X or Wayland is announced."""
    if platform in ("win32", "darwin"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def wants_window(arguments: Sequence[str]) -> bool:
    """Whether these arguments of dgdesk open its window: none, or the file of a draft or an edition."""
    return not arguments or arguments[0].lower().endswith((".dgdesk", ".dgedition"))


def find_tool(name: str) -> str | None:
    """Return where a program of the system lies, on this PATH or in the system's folders; None if nowhere."""
    # A plain user's PATH lacks the sbin folders, and dpkg does not work without them.
    return shutil.which(name, path=_full_path())


def missing_packages(libraries: Mapping[str, str], tools: Mapping[str, str]) -> list[str]:
    """Name the Debian packages whose libraries do not load or whose tools are nowhere."""

    def loads(name: str) -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    missing = [package for name, package in libraries.items() if not loads(name)]
    missing += [package for name, package in tools.items() if find_tool(name) is None]
    return list(dict.fromkeys(missing))


def apt_command() -> list[str] | None:
    """The start of an apt-get call that this user may make without being asked, or None."""
    return _as_root(["apt-get", "-o", "DPkg::Lock::Timeout=300", "-q"])


def install_packages(packages: Sequence[str]) -> None:
    """Install Debian packages.

    Raises:
        Stop: there is no apt-get, this user may not use it, or it failed.
    """
    names = " ".join(packages)
    apt = apt_command()
    if apt is None and find_tool("apt-get") is None:
        raise Stop(f"system packages are missing ({names}, as Debian calls them), and there is no apt-get here.")
    if apt is None:
        raise Stop(f"system packages are missing and cannot be installed from here; as root: apt-get install {names}")
    say(f"installing system packages with apt-get: {names}")
    install = [*apt, "install", "-y", "--no-install-recommends", *packages]
    with _alone():
        # A set-up that was killed inside dpkg is finished first; without one this does nothing.
        if (finish := _as_root(["dpkg", "--configure", "-a"])) is not None:
            subprocess.run(finish, stdin=subprocess.DEVNULL, check=False)
        # A stale or broken source makes `update` fail where `install` still works.
        subprocess.run([*apt, "update"], stdin=subprocess.DEVNULL, check=False)
        installed = subprocess.run(install, stdin=subprocess.DEVNULL, check=False).returncode == 0
    if not installed:
        raise Stop(
            f"apt-get could not install {names}; look at its message above, check the network and the free space "
            "on the disk, and start again."
        )


@contextmanager
def _alone() -> Iterator[None]:
    """Wait until no other stage installs: apt waits for other installations, but not for other updates of its lists."""
    import fcntl  # not on Windows, where nothing is installed so

    with (Path(tempfile.gettempdir()) / "dgdesk-packages.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def set_up_system(libraries: Mapping[str, str], tools: Mapping[str, str]) -> None:
    """Make sure that the system libraries and tools are there (Linux only; elsewhere Qt brings its own).

    Raises:
        Stop: something is missing and cannot be installed.
    """
    if not sys.platform.startswith("linux"):
        return
    missing = missing_packages(libraries, tools)
    if not missing:
        return
    install_packages(missing)
    still = missing_packages(libraries, tools)
    if still:
        raise Stop(f"these system packages are installed, yet what they bring cannot be used: {' '.join(still)}.")


def link_tools(folder: Path, tools: Mapping[str, str]) -> Path:
    """Make a folder of links to exactly these tools, and return it.

    Used as the only folder of the PATH beside the Python environment's own, it lets a run call what is declared for
    it and nothing else. Tools that are nowhere get no link.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.name not in tools:
            old.unlink()
    for name in tools:
        found, link = find_tool(name), folder / name
        if found is not None and not (link.is_symlink() and os.readlink(link) == found):
            link.unlink(missing_ok=True)
            link.symlink_to(found)
    return folder


def shared_python() -> dict[str, str]:
    """The library of this very Python, which Debian keeps in a package of its own; nothing where it is there."""
    name = str(sysconfig.get_config_var("INSTSONAME") or "")
    here = [Path(str(sysconfig.get_config_var(place) or "/nowhere")) / name for place in ("LIBDIR", "LIBPL")]
    if not sys.platform.startswith("linux") or not name or any(path.is_file() for path in here):
        return {}
    return {name: f"libpython3.{sys.version_info[1]}"}


def _full_path() -> str:
    # Debian keeps the programs of each version of PostgreSQL in a folder of their own.
    servers = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")))
    return os.pathsep.join([os.environ.get("PATH", ""), *_SYSTEM_FOLDERS, *servers])


def _as_root(command: Sequence[str]) -> list[str] | None:
    """Return the call that runs a program of the system as root, or None where this user may not."""
    program = find_tool(command[0])
    if program is None:
        return None
    call = ["env", f"PATH={_full_path()}", "DEBIAN_FRONTEND=noninteractive", program, *command[1:]]
    if os.geteuid() == 0:
        return call
    sudo = find_tool("sudo")
    if sudo is None:
        return None
    silent = subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0
    return [sudo, *call] if silent or sys.stdin.isatty() else None
