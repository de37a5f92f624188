"""Faults, jobs: many cases, each in a forked process with a time limit, on several cores."""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from typing import Any

JOBS = 2
_LONGEST = 60.0


def each_apart(cases: Sequence[Any], run: Callable[[Any], str]) -> list[tuple[str, str]]:
    """Run every case in a process of its own; returns its word and its trouble (one of them is empty), in order."""
    readers = []
    for job in range(JOBS):
        read, write = os.pipe()
        if os.fork() == 0:
            os.close(read)
            try:
                with os.fdopen(write, "w", encoding="utf-8") as out:
                    json.dump([_apart(case, run) for case in cases[job::JOBS]], out)
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(0)
        os.close(write)
        readers.append(read)
    found: list[tuple[str, str]] = [("", "its job ended without a word")] * len(cases)
    for job, read in enumerate(readers):
        with os.fdopen(read, encoding="utf-8") as stream:
            text = stream.read()
        for number, (word, trouble) in enumerate(json.loads(text) if text else []):
            found[job + number * JOBS] = (word, trouble)
    for _ in readers:
        os.wait()
    return found


def _apart(case: Any, run: Callable[[Any], str]) -> tuple[str, str]:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        try:
            answer = (run(case), "")
        except BaseException:
            answer = ("", traceback.format_exc())
        os.write(write, json.dumps([answer[0], answer[1][-6000:]]).encode())
        os._exit(0)
    os.close(write)
    until = time.monotonic() + _LONGEST
    if not select.select([read], [], [], max(0.0, until - time.monotonic()))[0]:
        os.kill(child, signal.SIGKILL)
    text = os.read(read, 65536)
    os.close(read)
    os.waitpid(child, 0)
    try:
        word, trouble = json.loads(text)
    except ValueError:
        return "", f"it hung, or died: {text[:200]!r}"
    return word, trouble
