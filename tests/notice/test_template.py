"""Messages with blanks: whatever a list holds, each recipient gets a sound message, and nothing is smuggled in."""

from __future__ import annotations

import email
import email.policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazette.notice.template import (
    BlankError,
    Template,
    blank,
    cleaned,
    header_address,
    joined,
    quoted_body,
    split,
)

HOSTILE = [
    "Ana\r\nBcc: everyone@example.com",
    "Ana\nX: y",
    "\r\n.\r\nMAIL FROM:<x@example.com>",
    "<script>alert(1)</script>",
    "a" * 3000,
    "Ünïcödé 日本語 עברית 🙂",
    ".",
    " ",
    "=2E=0D=0A",
    "\ue000html:name\ue001",
    "\x00\x1b[31m",
    '"quoted" \\ back',
    "\u2028\u2029\x85",
]
VALUES = st.one_of(st.text(max_size=200), st.sampled_from(HOSTILE))


def message(body: str) -> Template:
    head = "From: a@example.com\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
    parts = [head + "To: ", *split(blank("header", "to")), "\r\nSubject: s\r\n"]
    return Template(joined([*parts, "Content-Transfer-Encoding: quoted-printable\r\n\r\n", *quoted_body(body)]))


@settings(deadline=None, max_examples=60)
@given(VALUES, VALUES)
def test_whatever_a_value_holds_the_message_is_sound_and_shows_it(name: str, field: str) -> None:
    field_blank = blank("text", "field")
    template = message(f"Dear {blank('text', 'name')},\n.first\n{field_blank}{field_blank}\nend\n")
    to = header_address(cleaned(name), "a@example.com")
    data = template.filler()({"to": to, "name": name, "field": field})
    assert data.replace(b"\r\n", b"").count(b"\n") == 0
    assert data.replace(b"\r\n", b"").count(b"\r") == 0
    assert max(map(len, data.split(b"\r\n"))) <= 998
    parsed = email.message_from_bytes(data, policy=email.policy.default)
    assert not parsed.defects
    assert parsed.keys() == ["From", "MIME-Version", "Content-Type", "To", "Subject", "Content-Transfer-Encoding"]
    assert [a.addr_spec for a in parsed["To"].addresses] == ["a@example.com"]
    text = parsed.get_content().replace("\r\n", "\n")
    shown = cleaned(field).encode("utf-8", "replace").decode()
    assert text == f"Dear {cleaned(name).encode('utf-8', 'replace').decode()},\n.first\n{shown}{shown}\nend\n"


@settings(deadline=None, max_examples=60)
@given(VALUES)
def test_in_html_a_value_is_only_text(value: str) -> None:
    import lxml.html

    template = message(f'<p id="p">{blank("html", "v")}</p><a href="https://example.com/?q={blank("url", "v")}">x</a>')
    data = template.filler()({"to": "a@example.com", "v": value})
    html = email.message_from_bytes(data, policy=email.policy.default).get_content()
    root = lxml.html.fromstring(f"<div>{html}</div>")
    assert [element.tag for element in root.iter()] == ["div", "p", "a"]
    assert (root[0].text or "") == cleaned(value).encode("utf-8", "replace").decode()


def test_stored_and_read_back_it_is_the_same() -> None:
    template = message(f"ü {blank('text', 'name')} ü")
    assert Template.from_json(template.to_json()) == template


@pytest.mark.parametrize("spoil", [lambda s: s[:5], lambda s: s.replace("\ue001", "")])
def test_a_blank_that_was_spoiled_is_found(spoil: object) -> None:
    from urllib.parse import quote

    with pytest.raises(BlankError):
        split(f"Dear {spoil(blank('html', 'name'))}")  # type: ignore[operator]
    with pytest.raises(BlankError):
        split(quote(blank("html", "name")))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("", "a@example.com"),
        ("Ana", "Ana <a@example.com>"),
        ('Ana "B" C.', '"Ana \\"B\\" C." <a@example.com>'),
        ("Änne", "=?utf-8?b?w4RubmU=?= <a@example.com>"),
    ],
)
def test_a_name_stands_in_a_header_as_the_standard_says(name: str, expected: str) -> None:
    assert header_address(name, "a@example.com") == expected
