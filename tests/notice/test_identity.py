"""What identifies a message cannot be made up, and stays the same."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from gazette.notice.identity import Leaving, UnsubscribeTokens, message_id, message_mark
from gazette.notice.model import Kind, Notice

KEY = bytes(range(32))
NOTICE = Notice("privacy", "2026-03-01", Kind.ANNOUNCEMENT, date(2026, 3, 1), date(2026, 4, 1))


def test_a_message_id_is_the_same_whenever_it_is_made() -> None:
    mark = message_mark(KEY, NOTICE)("ana@example.com")
    assert message_id(mark, "example.com") == "<f0753f9497198e1e72f7fbed2416be8bbc467507@example.com>"
    assert mark == message_mark(KEY, NOTICE)("ana@example.com")


def test_each_notice_recipient_and_ledger_has_its_own() -> None:
    other = Notice("privacy", "2026-03-01", Kind.REMINDER, date(2026, 3, 1), date(2026, 4, 1))
    marks = {
        message_mark(key, notice)(address)
        for key in (KEY, bytes(32))
        for notice in (NOTICE, other)
        for address in ("a@example.com", "b@example.com")
    }
    assert len(marks) == 8


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=50), st.text(max_size=20))
def test_a_token_says_who_leaves_what(address: str, policy: str) -> None:
    tokens = UnsubscribeTokens("secret")
    token = tokens.make(address, policy)
    assert tokens.check(token) == Leaving(address, policy)
    assert token.isascii()
    assert not set(token) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=80))
def test_nobody_else_can_make_a_token(forged: str) -> None:
    tokens = UnsubscribeTokens("secret")
    assert tokens.check(forged) is None
    assert tokens.check(UnsubscribeTokens("other").make("a@example.com", "privacy")) is None
    genuine = tokens.make("a@example.com", "privacy")
    assert tokens.check(genuine[:-1]) is None
