"""Web and e-mail addresses: read as typed, kept in one form, refused with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.resources import resource
from dgdesk.text.contacts import parse_email, parse_url, parse_urls
from dgdesk.text.messages import load_catalogue


def reason(parse: Callable[[str], str], text: str) -> str:
    """The code with which ``parse`` refuses ``text``."""
    with pytest.raises(ValueError) as refused:
        parse(text)
    return str(refused.value.args[0])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://www.example.go.th/a?b=1#c", "https://www.example.go.th/a?b=1#c"),
        ("HTTP://WWW.Example.GO.TH/Path", "http://www.example.go.th/Path"),
        ("www.example.go.th", "https://www.example.go.th"),
        ("example.go.th/ข่าว", "https://example.go.th/ข่าว"),
        ("example.go.th:8080/x", "https://example.go.th:8080/x"),
        ("https://สพร.ไทย/เอกสาร", "https://สพร.ไทย/เอกสาร"),
        ("ตัวอย่าง.ไทย", "https://ตัวอย่าง.ไทย"),
        ("https://xn--12c1fe0br.xn--o3cw4h", "https://xn--12c1fe0br.xn--o3cw4h"),
        (" https://example.go.th/%E0%B8%81 ", "https://example.go.th/%E0%B8%81"),
        ("http://203.0.113.9/ogd", "http://203.0.113.9/ogd"),
        ("https://example.go.th./", "https://example.go.th/"),
        ("https://example.go.th?id=1", "https://example.go.th?id=1"),
        ("https://example.go.th/report.pdf", "https://example.go.th/report.pdf"),
        ("URL: www.a.go.th", "https://www.a.go.th"),
        ("เว็บไซต์ https://a.go.th", "https://a.go.th"),
        ("<https://a.go.th/x>", "https://a.go.th/x"),
        ("“www.a.go.th”", "https://www.a.go.th"),
        ("https://a.go.th/x[1]|{2}^`?q[]=ก&r=(1)#!/ข,1;2", "https://a.go.th/x[1]|{2}^`?q[]=ก&r=(1)#!/ข,1;2"),
        ("https://จังหวัด.ไทย:8443/เอกสาร(1)", "https://จังหวัด.ไทย:8443/เอกสาร(1)"),
        ("https://web.archive.org/web/2020/https://a.go.th", "https://web.archive.org/web/2020/https://a.go.th"),
        ("https://a.go.th/share?u=https://b.go.th,www.c.go.th", "https://a.go.th/share?u=https://b.go.th,www.c.go.th"),
        ("https://th.wikipedia.org/wiki/กทม.", "https://th.wikipedia.org/wiki/กทม."),
        ("https://th.wikipedia.org/wiki/น่าน_(จังหวัด)", "https://th.wikipedia.org/wiki/น่าน_(จังหวัด)"),
        ("https://medium.com/@nan/a:b~c'd!", "https://medium.com/@nan/a:b~c'd!"),
        ("https://a.go.th/#/news?id=1&x=%20", "https://a.go.th/#/news?id=1&x=%20"),
        ("https://[2001:DB8::1]:8443/ก", "https://[2001:db8::1]:8443/ก"),
        ("//a.go.th/x", "https://a.go.th/x"),
        ("https：／／ＷＷＷ.a.go.th/ｘ", "https://www.a.go.th/ｘ"),
        ("www.a.go.th.", "https://www.a.go.th"),
        ("https://foo_bar.example.go.th/x", "https://foo_bar.example.go.th/x"),
        ("http://a_b.go.th", "http://a_b.go.th"),
        ("_dmarc.example.go.th", "https://_dmarc.example.go.th"),
        (
            "https://x.sharepoint.com/_layouts/15/WopiFrame.aspx?sourcedoc={0A1B}&file=a.pdf",
            "https://x.sharepoint.com/_layouts/15/WopiFrame.aspx?sourcedoc={0A1B}&file=a.pdf",
        ),
        ("https://www.example.go.th/#/news/^1", "https://www.example.go.th/#/news/^1"),
        ("https://www.example.go.th/index.php?cmd=a|b", "https://www.example.go.th/index.php?cmd=a|b"),
        ("https://a.go.th/x,", "https://a.go.th/x"),
        ("https://a.go.th/?link: x".replace(" ", ""), "https://a.go.th/?link:x"),
        (
            "https://drive.example.com/file/d/1_a-B/view?usp=sharing",
            "https://drive.example.com/file/d/1_a-B/view?usp=sharing",
        ),
    ],
)
def test_a_web_address_is_kept_whole_with_its_scheme(typed: str, kept: str) -> None:
    assert parse_url(typed) == kept
    assert parse_url(kept) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "url.bad"),
        ("https://", "url.host"),
        ("ไม่มี", "url.host"),
        ("localhost", "url.host"),
        ("http://intranet/", "url.host"),
        ("กทม.", "url.host"),
        ("พ.ศ", "url.host"),
        ("อปท.จังหวัด", "url.host"),
        ("report.pdf", "url.host"),
        ("http://-a.go.th", "url.host"),
        ("http://a..go.th", "url.host"),
        ("http://1.2.3", "url.host"),
        ("http://1.2.3.999", "url.host"),
        ("http://a.b_c.th", "url.host"),
        ("http://a.go.t_h", "url.host"),
        ("http://-_.go.th/", "url.host"),
        (f"http://{'a' * 64}.go.th", "url.host"),
        (f"http://{'ก' * 60}.ไทย", "url.host"),
        ("http://[::g]/", "url.bad"),
        ("http://[x", "url.bad"),
        ("www.example.go.th และ www.a.go.th", "url.one_only"),
        ("https://a.go.th\nhttps://b.go.th", "url.one_only"),
        ("ftp://example.go.th", "url.scheme"),
        ("javascript:alert(1)", "url.scheme"),
        ("mailto:a@example.go.th", "url.scheme"),
        ("file:///c:/a.pdf", "url.scheme"),
        ("https:example.go.th", "url.slashes"),
        ("https:/chonburi.go.th", "url.slashes"),
        ("HTTP:/a.go.th/x", "url.slashes"),
        ("https:///a.go.th", "url.slashes"),
        ("https://user:secret@example.go.th", "url.user"),
        ("a@example.go.th", "url.email"),
        ("https://example.go.th:99999", "url.bad"),
        ("https://example.go.th:x", "url.bad"),
        ("https://example.go.th/<script>", "url.characters"),
        ("https://example.go.th\\@evil.example", "url.characters"),
        ("www.example .go.th", "url.space"),
        ("https://a.go.th/x ข่าวประชาสัมพันธ์", "url.space"),
        ("www.a.go.th, www.b.go.th", "url.one_only"),
        ("www.a.go.th,www.b.go.th", "url.one_only"),
        ("www.a.go.thและwww.b.go.th", "url.together"),
        ("a.go.thหรือb.go.th", "url.together"),
        ("a.go.th,b.go.th", "url.one_only"),
        ("www.a.go.th/www.b.go.th", "url.together"),
        ("https://a.go.thhttps://b.go.th", "url.together"),
        ("https://a.go.th/https://b.go.th", "url.together"),
        ("https://a.go.th/newshttps://b.go.th", "url.together"),
        ("https://a.go.th/x,b.go.th/y", "url.together"),
        ("https://a.go.th/เอกสาร ประกอบ.pdf", "url.space"),
        ("http//a.go.th", "url.slashes"),
        ("view-source:https://a.go.th", "url.scheme"),
        ("tel:053112233", "url.scheme"),
        ("localhost:8080", "url.host"),
        ("https://example.go.th/" + "a" * 2048, "url.bad"),
    ],
)
def test_a_web_address_that_cannot_be_one_is_refused_with_a_reason(typed: str, code: str) -> None:
    assert reason(parse_url, typed) == code


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Saraban@Example.GO.TH", "Saraban@example.go.th"),
        (" a.b+c@sub.example.go.th ", "a.b+c@sub.example.go.th"),
        ("สารบรรณ@ตัวอย่าง.ไทย", "สารบรรณ@ตัวอย่าง.ไทย"),
        ("a@xn--12c1fe0br.xn--o3cw4h", "a@xn--12c1fe0br.xn--o3cw4h"),
    ],
)
def test_an_email_address_is_kept(typed: str, kept: str) -> None:
    assert parse_email(typed) == kept
    assert parse_email(kept) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("www.a.go.th www.b.go.th/ก", "https://www.a.go.th, https://www.b.go.th/ก"),
        ("https://a.go.th,https://b.go.th", "https://a.go.th, https://b.go.th"),
        ("www.a.go.th;www.b.go.th;", "https://www.a.go.th, https://www.b.go.th"),
        ("a.go.th และ b.go.th", "https://a.go.th, https://b.go.th"),
        ("https://a.go.th/x,y\nhttps://b.go.th?q=1,2", "https://a.go.th/x,y, https://b.go.th?q=1,2"),
        ("URL: https://a.go.th", "https://a.go.th"),
        ("a.go.th,b.go.th;c.go.th/x,y", "https://a.go.th, https://b.go.th, https://c.go.th/x,y"),
        ("1. www.a.go.th\n2. www.b.go.th", "https://www.a.go.th, https://www.b.go.th"),
        ("• www.a.go.th • www.b.go.th", "https://www.a.go.th, https://www.b.go.th"),
    ],
)
def test_a_field_for_several_web_addresses_keeps_each(typed: str, kept: str) -> None:
    assert parse_urls(typed) == kept == parse_urls(kept)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "url.bad"),
        ("www.a.go.th ไม่มี www.b.go.th", "url.host"),
        ("www.example .go.th", "url.space"),
        ("www.a.go.thwww.b.go.th", "url.together"),
        ("www.a.go.th, ftp://b.go.th", "url.scheme"),
    ],
)
def test_one_wrong_address_among_several_is_told_by_its_cause(typed: str, code: str) -> None:
    assert reason(parse_urls, typed) == code


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a@b.th,c@d.th", "a@b.th, c@d.th"),
        ("a@b.th ; C@D.th", "a@b.th, C@d.th"),
        ("a@b.th c@d.th", "a@b.th, c@d.th"),
        ("a@b.th\nc@d.th", "a@b.th, c@d.th"),
        ("a@b.th และ c@d.th", "a@b.th, c@d.th"),
        ("<a@b.th>", "a@b.th"),
        ("MAILTO:a@b.th", "a@b.th"),
        ("<mailto:a@b.th>; <c@d.th>", "a@b.th, c@d.th"),
        ("e-mail: a@b.go.th", "a@b.go.th"),
        ("อีเมล: a@b.go.th", "a@b.go.th"),
        ("อีเมล์ a@b.go.th", "a@b.go.th"),
        ("ไปรษณีย์อิเล็กทรอนิกส์ : a@b.go.th", "a@b.go.th"),
        ("สมชาย ใจดี <a@b.th>", "a@b.th"),
        ('"ใจดี, สมชาย" <a@b.th>, Sak <c@d.th>', "a@b.th, c@d.th"),
        ("a@b.th <a@b.th>", "a@b.th"),
        ("mailto:a@b.th?subject=x", "a@b.th"),
        ("1. a@b.th 2. c@d.th", "a@b.th, c@d.th"),
        ("(a@b.th).", "a@b.th"),
        ("\u200ba＠ｂ．go．th\u200e", "a@b.go.th"),
        ("Email.a@b.th", "Email.a@b.th"),
    ],
)
def test_several_and_wrapped_email_addresses_are_unwrapped(typed: str, kept: str) -> None:
    assert parse_email(typed) == kept == parse_email(kept)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *((typed, "email.no_at") for typed in ("", "a", ",", "ชื่อ นามสกุล", "053-112233", "www.a.go.th")),
        *((typed, "email.words") for typed in ("a b@c.th", "สมชาย a@b.th", "a@b.th <c@d.th> x", '"a b"@c.th')),
        *((typed, "email.together") for typed in ("a@b@c.th", "a@b.thc@d.th", "a@b.th/c@d.th")),
        *((typed, "email.host") for typed in ("a@", "a@b", "a@b..th", "a@-b.th", "a@[1.2.3.4]", "ก@ข.ค", "a@b.c>")),
        *((typed, "email.bad") for typed in ("@a.th", ".a@b.th", "a.@b.th", "a..b@c.th", "a" * 65 + "@b.th")),
        ("a@" + "b." * 126 + "th", "email.host"),
    ],
)
def test_what_is_no_email_address_is_refused_with_its_cause(typed: str, code: str) -> None:
    assert reason(parse_email, typed) == code


@given(
    st.text(alphabet='ab.-@:/?#[]1๑กิ่\\ \n\u200b\ud800%w,;<>"()'), st.sampled_from([parse_url, parse_urls, parse_email])
)
def test_any_text_is_kept_in_a_form_that_stays_or_refused_with_a_code(text: str, parse: Callable[[str], str]) -> None:
    try:
        kept = parse(text)
    except ValueError as refused:
        assert isinstance(refused.args[0], str) and "." in refused.args[0]
    else:
        assert parse(kept) == kept


def test_every_reason_has_its_sentence() -> None:
    source = resource("i18n").parents[1] / "src" / "dgdesk" / "text"
    if not source.is_dir():
        pytest.skip("no source beside the resources")
    catalogue = load_catalogue()
    raised = "".join(path.read_text(encoding="utf-8") for path in source.glob("*.py"))
    codes = set(re.findall(r'"((?:number|month|phone|email|url)\.[a-z_]+)"', raised))
    assert {"number.bad", "month.bad", "phone.range", "email.host", "url.together"} <= codes
    assert all(code in catalogue for code in codes)
