"""The state machine alone: whatever a server answers, no byte beyond the file, a stated end, and the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.outbox.events import Answer, Arrived, Begin, Effect, Event, Failed, Request, Stop, Wait
from dgdesk.outbox.protocol import MOST_FAILURES, MOST_RESTARTS, Order, State, receipt_address, resumed, step
from dgdesk.text.messages import load_catalogue

URL = "https://agency.example/files/"
TUS = {"tus-resumable": "1.0.0"}
OFFERS = {**TUS, "tus-version": "1.0.0", "tus-extension": "creation,expiration,termination"}
SIZE = 1000
ENDS = (Stop, Arrived)


@dataclass
class Server:
    """Keeps the protocol; ``cuts`` says after how many bytes of each request the connection ends, None: it holds."""

    file: bytes
    cuts: Iterator[int | None]
    uploads: list[bytearray] = field(default_factory=list)
    vanish: Iterator[bool] = field(default_factory=lambda: iter(()))
    checksum: bool = False

    def __call__(self, request: Request) -> Event:
        cut = next(self.cuts, None)
        if request.method == "OPTIONS":
            more = {"tus-checksum-algorithm": "sha1,sha256"} if self.checksum else {}
            extension = OFFERS["tus-extension"] + (",checksum" if self.checksum else "")
            return Failed("cut") if cut == 0 else Answer(200, {**OFFERS, "tus-extension": extension, **more})
        if request.method == "POST":
            self.uploads.append(bytearray())
            return Failed("cut") if cut == 0 else Answer(201, {**TUS, "location": f"{len(self.uploads)}"})
        upload = self.uploads[int(request.url.rpartition("/")[2]) - 1]
        if request.method == "HEAD":
            if len(upload) < len(self.file) and next(self.vanish, False):
                return Answer(404, TUS)
            said = {**TUS, "upload-offset": str(len(upload)), "upload-length": str(len(self.file))}
            return Failed("cut") if cut == 0 else Answer(200, said)
        assert request.method == "PATCH"
        if request.start != len(upload):
            return Answer(409, TUS)
        body = self.file[request.start : request.start + request.length]
        assert len(body) == request.length
        upload += body if cut is None else body[:cut]
        if cut is not None:
            return Failed("cut", min(len(body), cut + 7))
        return Answer(204, {**TUS, "upload-offset": str(len(upload))}, len(body))


def run(
    state: State, server: Callable[[Request], Event], most: int = 5000
) -> tuple[State, Effect, list[Request], list[Wait]]:
    """Carry requests until a run ends."""
    event: Event = Begin()
    requests: list[Request] = []
    waits: list[Wait] = []
    for _ in range(most):
        state, effect = step(state, event)
        if isinstance(effect, ENDS):
            return state, effect, requests, waits
        if isinstance(effect, Wait):
            waits.append(effect)
            event = Begin()
            continue
        assert isinstance(effect, Request)
        assert effect.start >= 0 and effect.start + effect.length <= state.order.size
        assert effect.length > 0 or effect.method != "PATCH"
        requests.append(effect)
        event = server(effect)
    raise AssertionError("no end")


@given(
    size=st.integers(1, 3000),
    cuts=st.lists(st.one_of(st.none(), st.integers(0, 3000)), max_size=40),
    vanish=st.lists(st.booleans(), max_size=2),
    checksum=st.booleans(),
)
def test_a_server_that_keeps_the_protocol_ends_with_the_same_bytes(size, cuts, vanish, checksum):
    file = bytes(at % 251 for at in range(size))
    server = Server(file, iter(cuts), vanish=iter(vanish), checksum=checksum)
    state = resumed(Order(URL, size))
    for _ in range(40):
        state, effect, _, _ = run(state, server)
        if isinstance(effect, Arrived):
            break
        assert isinstance(effect, Stop) and effect.again, effect
        state = resumed(state.order, state.address, state.handed)  # a new process, later
    assert isinstance(effect, Arrived)
    complete = [one for one in server.uploads if len(one) == size]
    assert complete == [file]


ANSWERS = st.builds(
    Answer,
    st.sampled_from([200, 201, 204, 301, 302, 307, 308, 400, 401, 403, 404, 409, 410, 412, 413, 423, 429, 460, 500,
                     502, 503, 507]),
    st.fixed_dictionaries(
        {},
        optional={
            "tus-resumable": st.sampled_from(["1.0.0", "1.0.0", "1.0.0", "0.2.2", ""]),
            "tus-version": st.just("1.0.0"),
            "tus-extension": st.sampled_from(["creation", "creation,checksum", ""]),
            "tus-checksum-algorithm": st.sampled_from(["sha256", "md5"]),
            "tus-max-size": st.sampled_from(["0", "999", "1000", "x"]),
            "location": st.sampled_from(["1", "/files/2", "https://agency.example/files/3", "http://agency.example/x",
                                         "https://elsewhere.example/1", "", "http://[", "ก", "javascript:1"]),
            "upload-offset": st.one_of(st.integers(-1, SIZE + 2).map(str), st.sampled_from(["", "x", "9" * 30, "١"])),
            "upload-length": st.sampled_from([str(SIZE), str(SIZE), "999", "x"]),
            "retry-after": st.sampled_from(["0", "5", "90", "99999999999999", "-1", "x",
                                            "Thu, 01 Jan 2026 00:00:09 GMT", "Thu, 99 Jan"]),
            "date": st.sampled_from(["Thu, 01 Jan 2026 00:00:00 GMT", "x"]),
        },
    ),
    st.integers(0, SIZE),
)  # fmt: skip
FAULTS = st.builds(Failed, st.sampled_from(["cut", "unreachable", "certificate", "clock", "proxy", "not_server"]),
                   st.integers(0, SIZE))  # fmt: skip


@given(events=st.lists(st.one_of(ANSWERS, FAULTS), max_size=60), begun=st.sampled_from(["", URL + "9"]))
def test_whatever_is_answered_the_run_ends_and_asks_for_no_byte_beyond_the_file(events, begun):
    rest = iter(events)

    def liar(request: Request) -> Event:
        said = next(rest, Failed("cut"))
        if isinstance(said, Answer):
            return Answer(said.status, said.headers, min(said.sent, request.length))
        return Failed(said.fault, min(said.sent, request.length))

    _, effect, requests, waits = run(resumed(Order(URL, SIZE), begun), liar)
    assert isinstance(effect, ENDS)
    assert all(one.url.startswith("https://agency.example/") for one in requests)
    assert all(0 <= one.seconds <= 60 for one in waits)
    if isinstance(effect, Stop):
        assert effect.code in load_catalogue("th").messages
    assert all(one.code in load_catalogue("th").messages for one in waits)


@given(answer=ANSWERS.filter(lambda one: one.status != 201))
def test_a_server_that_answers_one_thing_for_ever_is_left_after_few_requests(answer):
    _, effect, requests, _ = run(resumed(Order(URL, SIZE), URL + "1"), lambda request: Answer(
        answer.status, answer.headers, min(answer.sent, request.length)
    ))  # fmt: skip
    assert isinstance(effect, ENDS) and len(requests) <= (MOST_FAILURES + 3) * (MOST_RESTARTS + 1) * 7


# -- single cases ------------------------------------------------------------------------------------------------------


def begun(handed: int = 0, **more: object) -> State:
    return resumed(Order(URL, SIZE), URL + "1", handed)


def after(state: State, *events: Event) -> tuple[State, Effect]:
    state, effect = step(state, Begin())
    for event in events:
        state, effect = step(state, event)
        if isinstance(effect, Wait):
            state, effect = step(state, Begin())
    return state, effect


HERE = Answer(200, {**TUS, "upload-offset": "0", "upload-length": "1000"})
CASES: dict[str, tuple[Event, str, bool]] = {
    "401": (Answer(401), "outbox.unauthorized", False),
    "403": (Answer(403, TUS), "outbox.forbidden", False),
    "407": (Answer(407), "outbox.proxy_login", False),
    "412": (Answer(412), "outbox.version", False),
    "507": (Answer(507), "outbox.server_full", True),
    "307 away": (Answer(307, {"location": "https://portal.example/login"}), "outbox.redirected", True),
    "429 for an hour": (Answer(429, {"retry-after": "3600"}), "outbox.busy", True),
    "503 until a day": (
        Answer(503, {"date": "Thu, 01 Jan 2026 00:00:00 GMT", "retry-after": "Fri, 02 Jan 2026 00:00:00 GMT"}),
        "outbox.server_error", True,
    ),
    "wrong certificate": (Failed("certificate"), "outbox.certificate", True),
    "wrong clock": (Failed("clock"), "outbox.wrong_clock", True),
    "400": (Answer(400, TUS), "outbox.refused", False),
}  # fmt: skip


@pytest.mark.parametrize(("event", "code", "again"), CASES.values(), ids=CASES)
def test_an_answer_that_ends_the_run_says_why_and_keeps_the_upload(event: Event, code: str, again: bool):
    state, effect = after(begun(), HERE, event)
    assert isinstance(effect, Stop) and (effect.code, effect.again) == (code, again)
    assert state.address == URL + "1"


WAITS: dict[str, tuple[Event, str]] = {
    "423": (Answer(423, TUS), "outbox.locked"),
    "409": (Answer(409, TUS), "outbox.offset_differs"),
    "429": (Answer(429, {"retry-after": "7"}), "outbox.busy"),
    "502": (Answer(502), "outbox.server_error"),
    "460": (Answer(460, TUS), "outbox.damaged_on_the_way"),
    "a sign-in page": (Answer(200, {"content-type": "text/html"}), "outbox.not_server"),
    "a redirect to a page": (Answer(302, {"location": "https://portal.example/"}), "outbox.not_server"),
    "404 of a proxy": (Answer(404), "outbox.not_server"),
    "cut": (Failed("cut", 5), "outbox.cut"),
    "no offset": (Answer(204, TUS, 1000), "outbox.no_offset"),
}


@pytest.mark.parametrize(("event", "code"), WAITS.values(), ids=WAITS)
def test_an_answer_that_may_pass_is_followed_by_a_question(event: Event, code: str):
    state, _ = after(begun(), HERE)
    state, effect = step(state, event)
    assert isinstance(effect, Wait) and effect.code == code
    if code == "outbox.busy":
        assert effect.seconds == 7
    state, effect = step(state, Begin())
    assert isinstance(effect, Request) and (effect.method, effect.url) == ("HEAD", URL + "1")


def test_404_begins_again_but_never_where_all_may_have_arrived():
    _, effect = after(begun(handed=999), Answer(404, TUS))
    assert isinstance(effect, Request) and effect.method == "OPTIONS"
    for status in (404, 410):
        state, effect = after(begun(handed=1000), Answer(status, TUS))
        assert isinstance(effect, Stop) and (effect.code, effect.again) == ("outbox.unconfirmed", False)
        assert state.address == URL + "1"


def test_a_server_that_is_ahead_of_us_is_not_believed():
    state, effect = after(begun(), Answer(200, {**TUS, "upload-offset": "1000", "upload-length": "1000"}))
    assert isinstance(effect, Request) and effect.method == "OPTIONS" and state.restarts == 1


def test_a_server_that_is_behind_gets_what_is_missing():
    state, effect = after(begun(handed=999), Answer(200, {**TUS, "upload-offset": "600"}), Failed("cut", 100))
    state, effect = step(state, Answer(200, {**TUS, "upload-offset": "200"}))
    assert isinstance(effect, Wait) and effect.code == "outbox.behind"
    _, effect = step(state, Begin())
    assert isinstance(effect, Request) and (effect.start, effect.length) == (200, 800)


def test_413_is_answered_with_shorter_requests_and_then_with_a_sentence():
    state = resumed(Order(URL, 20 << 20), URL + "1")
    here = Answer(200, {**TUS, "upload-offset": "0"})
    state, effect = after(state, here)
    lengths = []
    while isinstance(effect, Request):
        lengths.append(effect.length)
        state, effect = step(state, Answer(413))
        if isinstance(effect, Request) and effect.method == "HEAD":
            state, effect = step(state, here)
    assert lengths == [20 << 20, 8 << 20, 512 << 10]
    assert isinstance(effect, Stop) and effect.code == "outbox.too_large"


def test_307_to_the_same_server_is_followed_and_no_further_than_five_times():
    state, effect = after(begun(), HERE, Answer(307, {"location": "/b/1"}))
    assert isinstance(effect, Request) and (effect.method, effect.url) == ("PATCH", "https://agency.example/b/1")
    for _ in range(5):
        state, effect = step(state, Answer(307, {"location": "/b/1"}))
    assert isinstance(effect, Stop) and effect.code == "outbox.redirected"


def test_a_file_larger_than_the_server_takes_is_not_begun():
    _, effect = step(step(resumed(Order(URL, SIZE)), Begin())[0], Answer(200, {**OFFERS, "tus-max-size": "999"}))
    assert isinstance(effect, Stop) and effect.code == "outbox.too_large"


@pytest.mark.parametrize(
    ("location", "address"),
    [
        ("1", URL + "1"),
        ("/up/1?x=2", "https://agency.example/up/1?x=2"),
        ("http://agency.example:8080/up/1", "https://agency.example/up/1"),  # a server behind a proxy
    ],
)
def test_the_address_of_an_upload_stays_at_the_signed_server(location: str, address: str):
    state = step(step(resumed(Order(URL, SIZE)), Begin())[0], Answer(200, OFFERS))[0]
    state, effect = step(state, Answer(201, {**TUS, "location": location}))
    assert state.address == address and isinstance(effect, Request) and effect.method == "PATCH"


@pytest.mark.parametrize("location", ["https://elsewhere.example/1", "", "//x.example/1", "https://a@b@agency.example"])
def test_an_address_elsewhere_is_not_used(location: str):
    state = step(step(resumed(Order(URL, SIZE)), Begin())[0], Answer(200, OFFERS))[0]
    state, effect = step(state, Answer(201, {**TUS, "location": location}))
    assert isinstance(effect, Stop) and effect.code == "outbox.elsewhere" and not state.address


def test_a_receipt_lies_beside_its_upload():
    assert receipt_address("https://a.example/f/1?t=2#x") == "https://a.example/f/1.receipt?t=2"


def test_a_digest_goes_with_each_part_where_the_server_checks_it():
    offers = {**OFFERS, "tus-extension": "creation,checksum", "tus-checksum-algorithm": "crc32,sha1,sha256"}
    order = Order(URL, 20 << 20)
    state = step(step(resumed(order), Begin())[0], Answer(200, offers))[0]
    _, effect = step(state, Answer(201, {**TUS, "location": "1"}))
    assert isinstance(effect, Request) and (effect.checksum, effect.length) == ("sha256", 8 << 20)
