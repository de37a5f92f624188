"""A lock belongs to one open file, and a refusal is told from a place without locks on every system."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from dgdesk.system.holding import hold, is_held, says_nothing


def on_windows(winerror: int, number: int) -> OSError:
    """The error as Windows' own functions leave it, which Linux cannot make."""
    error = OSError(number, "the system's words")
    error.winerror = winerror  # type: ignore[attr-defined,unused-ignore]  # exists on Windows only
    return error


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.EACCES, ""),
        OSError(errno.EDEADLK, ""),
        BlockingIOError(errno.EWOULDBLOCK, ""),
        on_windows(33, errno.EACCES),
        on_windows(32, errno.EINVAL),
        on_windows(33, 0),
        on_windows(997, errno.EINVAL),
    ],
    ids=["access", "deadlock", "would block", "lock violation", "sharing violation", "no errno", "pending"],
)
def test_a_refusal_is_known_whatever_number_it_has(error: OSError) -> None:
    assert is_held(error)
    assert not says_nothing(error)


@pytest.mark.parametrize(
    "error",
    [OSError(errno.ENOLCK, ""), OSError(errno.EOPNOTSUPP, ""), on_windows(1, errno.EINVAL), on_windows(50, 13)],
    ids=["no locks", "not supported", "invalid function", "not supported on Windows"],
)
def test_a_place_without_locks_is_no_refusal(error: OSError) -> None:
    assert not is_held(error)
    assert not says_nothing(error)


def test_an_error_without_any_number_says_nothing() -> None:
    assert says_nothing(OSError()) and says_nothing(OSError(0, "")) and says_nothing(on_windows(0, 0))
    assert not is_held(OSError())


def test_the_second_opening_of_a_file_is_refused_until_the_first_is_closed(tmp_path: Path) -> None:
    place = tmp_path / "ก.lock"
    with place.open("wb") as one, place.open("rb+") as other:
        hold(one.fileno(), 1 << 30)
        with pytest.raises(OSError) as caught:  # any kind of it: `is_held` decides
            hold(other.fileno(), 1 << 30)
        assert is_held(caught.value)
        one.close()
        hold(other.fileno(), 1 << 30)
