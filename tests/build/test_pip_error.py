"""What is said of a failed installation is its cause, as pip printed it, and none of pip's remarks."""

from __future__ import annotations

import pytest

from devtools.environment import pip_error

INNER = """\
Collecting pikepdf==10.0
  Installing build dependencies: started
  error: subprocess-exited-with-error

  × pip subprocess to install build dependencies did not run successfully.
  │ exit code: 1
  ╰─> [3 lines of output]
      Looking in links: /wheels
      ERROR: Could not find a version that satisfies the requirement hatchling>=1.24 (from versions: none)
      ERROR: No matching distribution found for hatchling>=1.24
      [end of output]

  note: This error originates from a subprocess, and is likely not a problem with pip.
ERROR: Failed to build 'pikepdf' when installing build dependencies

[notice] A new release of pip is available: 24.0 -> 26.1
"""
COMPILER = """\
  error: subprocess-exited-with-error
  × Building wheel for x (pyproject.toml) did not run successfully.
  ╰─> [2 lines of output]
      src/x.c:3:10: fatal error: zlib.h: No such file or directory
      [end of output]
  note: This error originates from a subprocess, and is likely not a problem with pip.
"""


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (INNER, "ERROR: No matching distribution found for hatchling>=1.24"),
        (COMPILER, "src/x.c:3:10: fatal error: zlib.h: No such file or directory"),
        (
            "Looking in links\nERROR: THESE PACKAGES DO NOT MATCH THE HASHES\n",
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES",
        ),
        ("Collecting a\nKilled\nnote: something\n[notice] new pip\n", "Killed"),
        ("note: only a remark\n", "?"),
        ("", "?"),
    ],
    ids=["a dependency to build with", "the compiler", "hashes", "killed", "remarks only", "nothing"],
)
def test_the_cause_is_found_whoever_reported_it(text: str, cause: str) -> None:
    assert pip_error(text) == cause
