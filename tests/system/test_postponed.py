"""asyncio is not loaded by a start that does not use it, and is there whole for whoever does."""

from __future__ import annotations

import subprocess
import sys

import pytest

BEGIN = """
import sys
from dgdesk.system.postponed import postpone_asyncio
postpone_asyncio()
import sqlalchemy
loaded = lambda: "asyncio.events" in sys.modules
before = loaded()
"""
USES = {
    "an attribute": "import asyncio; used = asyncio.run",
    "a name": "from asyncio import to_thread as used",
    "a module of it": "import asyncio.queues; used = asyncio.queues.Queue",
    "all names": "from asyncio import *; used = run",
    "by a thread": """
import asyncio, threading
found = []
threads = [threading.Thread(target=lambda: found.append(asyncio.Event)) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert len(set(found)) == 1 and len(found) == 8
used = found[0]
""",
}


def said(script: str) -> list[str]:
    done = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_sqlalchemy_is_imported_without_it() -> None:
    assert said(f"{BEGIN}\nprint(before, 'ssl' in sys.modules)") == ["False", "False"]


@pytest.mark.parametrize("use", USES.values(), ids=USES.keys())
def test_whoever_uses_it_has_the_whole_of_it(use: str) -> None:
    script = f"{BEGIN}\n{use}\nprint(before, loaded(), callable(used), sys.modules['asyncio'].__name__)"
    assert said(script) == ["False", "True", "True", "asyncio"]


def test_what_was_imported_before_its_use_does_the_work_afterwards() -> None:
    script = f"""{BEGIN}
import asyncio
held = asyncio
async def work():
    await held.sleep(0)
    return held.iscoroutine(work)
print(held.run(work()), hasattr(held, "nothing_of_this_name"), sys.modules["asyncio"].run is held.run)
"""
    assert said(script) == ["False", "False", "True"]


def test_who_only_looks_at_it_does_not_load_it() -> None:
    script = f"""{BEGIN}
import asyncio, inspect
try:
    inspect.getsource(asyncio)
except TypeError:
    pass
print(hasattr(asyncio, "__wrapped__"), asyncio.__spec__, loaded())
"""
    assert said(script) == ["False", "None", "False"]


def test_one_that_is_there_already_stays() -> None:
    script = f"import asyncio\n{BEGIN}\nprint(before, sys.modules['asyncio'] is asyncio)"
    assert said(script) == ["True", "True"]
