"""A PostgreSQL server of the tests' own: Debian's programs, started as an ordinary user, on a socket in a folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path

import psycopg
from psycopg import sql

NOBODY = 65534
OWNER = "dgdesk"


class PostgreSQL:
    """One server. The program refuses to run as root, so that root's tests hand it to `nobody`."""

    def __init__(self) -> None:
        # Not in the folder of pytest or of a benchmark: another person cannot enter it, or its name is too long for a
        # socket.
        self.folder = Path(tempfile.mkdtemp(prefix="dgdesk-pg-", dir="/tmp"))
        if os.geteuid() == 0:
            os.chown(self.folder, NOBODY, NOBODY)
        locale = ["--encoding=UTF8", "--no-locale", "--no-sync"]
        self._run("initdb", "-D", str(self.folder / "data"), "-U", OWNER, "-A", "trust", *locale)
        self.start()

    def start(self) -> None:
        """Start it; it answers on return."""
        settings = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c max_connections=60"
        where = ["-D", str(self.folder / "data"), "-l", str(self.folder / "log")]
        self._run("pg_ctl", *where, "-w", "-o", settings, "start")

    def stop(self) -> None:
        """Stop it as a failing machine does: connections end in the middle of what they do."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", "immediate", "stop")

    def database(self) -> str:
        """Make an empty database; return its address."""
        name = f"t{uuid.uuid4().hex[:12]}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.address(name)

    def address(self, name: str) -> str:
        """Return the address of a database, there or not."""
        return f"postgresql://{OWNER}@/{name}?host={self.folder}"

    def close(self) -> None:
        """Stop the server and remove all of it."""
        self.stop()
        shutil.rmtree(self.folder)

    def _run(self, *call: str) -> None:
        person = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        # `pg_ctl` hands its output to the server that it leaves behind: a pipe would never end.
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(call, stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd="/", **person)  # type: ignore[call-overload]  # two sets of arguments
            if done.returncode:
                said.seek(0)
                raise AssertionError(said.read().decode(errors="replace"))
