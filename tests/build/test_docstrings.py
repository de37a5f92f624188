"""Modules of the frozen program lose their docstrings and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

import docstrings

SOURCE = b'''"""Module."""
class Form:
    """Class."""

    def only(self):
        """Nothing but words."""

    async def add(self, a, b=2):
        """Adds."""
        assert a > 0, "positive"
        text = "not a docstring"
        return a + b, text
'''


def run(source: bytes) -> dict[str, Any]:
    space: dict[str, Any] = {"__name__": "made"}
    exec(docstrings.compiled(source, "made.py"), space)
    return space


def test_words_about_the_code_go() -> None:
    space = run(SOURCE)
    form = space["Form"]
    assert [space.get("__doc__"), form.__doc__, form.only.__doc__, form.add.__doc__] == [None] * 4
    assert form().only() is None


def test_assertions_and_other_texts_stay() -> None:
    with pytest.raises(AssertionError, match="positive"):
        run(SOURCE)["Form"]().add(-1).send(None)
    with pytest.raises(StopIteration) as ended:
        run(SOURCE)["Form"]().add(1).send(None)
    assert ended.value.value == (3, "not a docstring")


def test_lines_in_tracebacks_stay_the_same() -> None:
    with pytest.raises(AssertionError) as raised:
        run(SOURCE)["Form"]().add(0).send(None)
    assert raised.traceback[-1].lineno == SOURCE.splitlines().index(b'        assert a > 0, "positive"')


def test_future_imports_after_a_docstring_still_count() -> None:
    assert run(b'"""Doc."""\nfrom __future__ import annotations\ndef f(x: nowhere): ...\n')["f"]
