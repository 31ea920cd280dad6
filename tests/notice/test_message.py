"""The message itself: every language and kind, sound headers, a body that says the same twice, templates of a site."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest

from gazette.errors import ContentError
from gazette.notice.compose import LARGEST_HTML, compose
from gazette.notice.content import Content, SectionChange, absolute, outline, plain, plain_title
from gazette.notice.identity import UnsubscribeTokens
from gazette.notice.letters import Letters
from gazette.notice.model import Claimed, Kind, Notice, Page
from gazette.notice.options import NoticeOptions
from gazette.notice.words import OWN, Words, choose, read_words
from gazette.redline import compare
from tests.notice.making import options
from tests.notice.site import NEW, OLD

WORDS = read_words()
PAGE = Page(
    "https://example.com/p/versions/1/",
    "https://example.com/p/versions/1/text.md",
    "sha256:0",
    "https://example.com/p/changes/1/",
)
CONTENT = Content(
    notice=Notice("privacy-policy", "2026-03-01", Kind.ANNOUNCEMENT, date(2026, 3, 1), date(2026, 4, 1)),
    title="Privacy Policy",
    language="en",
    organisation="Example & Sons",
    published=date(2026, 3, 1),
    summary_html='<p>We keep data <strong>longer</strong>, see <a href="https://example.com/r">rights</a>.</p>',
    summary_text="We keep data longer.",
    changes=(SectionChange("Rights <b>", ("added",), PAGE.redline + "#rights"), SectionChange("Old", ("removed",))),
    added=118,
    removed=64,
    page=PAGE,
    contact="privacy@example.com",
)  # fmt: skip
OPTIONS = options(unsubscribe="https://example.com/unsubscribe")


def letter(
    content: Content = CONTENT, language: str = "en", given: NoticeOptions = OPTIONS, **who: object
) -> EmailMessage:
    words = read_words(None) | WORDS
    composed = compose(content, words[language], given)
    return fill(content, composed.template, language, given, **who)


def fill(content: Content, template: object, language: str, given: NoticeOptions, **who: object) -> EmailMessage:
    claimed = Claimed(7, 1, 1, "ana@example.com", "Ana", language, {"plan": "gold"}, 0, 0, "mail")._replace(**who)  # type: ignore[arg-type]
    letters = Letters(content.notice, {language: template}, given, bytes(32), "secret")  # type: ignore[dict-item]
    message = email.message_from_bytes(letters.envelope(claimed).message, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def bodies(message: EmailMessage) -> tuple[str, str]:
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()


@pytest.mark.parametrize("language", sorted(WORDS))
@pytest.mark.parametrize("kind", list(Kind))
def test_every_language_and_kind_says_what_must_be_said(language: str, kind: Kind) -> None:
    content = replace(CONTENT, notice=replace(CONTENT.notice, kind=kind), required=True)
    message = letter(content, language)
    assert not message.defects
    assert WORDS[language].date(date(2026, 4, 1)) in message["Subject"] or kind is Kind.WITHDRAWN
    for body in bodies(message):
        assert "{" not in re.sub(r"<style.*?</style>", "", body, flags=re.DOTALL)
        for link in (PAGE.page, PAGE.redline, "https://example.com/unsubscribe?token="):
            assert link in body
        assert "privacy@example.com" in body
        assert "Ana" in body
    assert message["Content-Language"] == language
    assert f'lang="{language}"' in bodies(message)[1]


def test_the_five_languages_are_there_and_the_reader_gets_the_nearest() -> None:
    assert set(WORDS) == {"en", "pt", "es", "fr", "de"}
    cases = [("pt-BR", "en", "pt"), ("DE", "en", "de"), ("", "fr", "fr"), ("ja", "es-MX", "es"), ("ja", "ja", "en")]
    for wanted, policy_language, expected in cases:
        assert choose(wanted, policy_language, WORDS) == expected


def test_the_headers_say_who_and_what_and_how_to_leave() -> None:
    message = letter()
    assert message["From"] == "Example <privacy@example.com>"
    assert message["To"] == "Ana <ana@example.com>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Gazette-Policy"] == "privacy-policy"
    assert message["Gazette-Version"] == "2026-03-01"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<[0-9a-f]{40}@example\.com>", message["Message-ID"])
    assert re.fullmatch(r"7-[0-9a-f]{16}", message["Gazette-Delivery"])
    token = re.fullmatch(r"<https://example\.com/unsubscribe\?token=(\S+)>", message["List-Unsubscribe"])
    assert token is not None
    leaving = UnsubscribeTokens("secret").check(token[1])
    assert leaving is not None
    assert (leaving.address, leaving.policy) == ("ana@example.com", "privacy-policy")


def test_one_may_leave_by_mail_or_where_the_address_has_a_place_for_the_token() -> None:
    by_mail = letter(given=options(unsubscribe="mailto:leave@example.com"))
    assert by_mail["List-Unsubscribe"].startswith("<mailto:leave@example.com?subject=unsubscribe%20")
    assert by_mail["List-Unsubscribe-Post"] is None
    placed = letter(given=options(unsubscribe="https://example.com/u/{token}?x=1"))
    assert re.fullmatch(r"<https://example\.com/u/[^{?]+\?x=1>", placed["List-Unsubscribe"])


@pytest.mark.parametrize(
    "name",
    ["Eve\r\nBcc: all@example.com", "Eve\nX: y\n\nbody", "<script>alert(1)</script>", '"><img src=x>', "a" * 200],
)
def test_a_hostile_name_stays_a_name(name: str) -> None:
    message = letter(name=name)
    assert not message.defects
    assert set(message.keys()) == set(letter().keys())
    assert [a.addr_spec for a in message["To"].addresses] == ["ana@example.com"]
    html = bodies(message)[1]
    assert "<script" not in html
    assert "<img" not in html


def test_a_title_that_looks_like_markup_is_text() -> None:
    assert "Rights &lt;b&gt;" in bodies(letter())[1]


def test_the_style_is_at_its_elements_and_the_dark_one_stays() -> None:
    html = bodies(letter())[1]
    assert 'class="button" style="' in html or re.search(r'<a class="button"[^>]* style="', html)
    assert "@media (prefers-color-scheme: dark)" in html
    assert "max-width: 480px" in html
    assert not re.search(r'(src|href)="(?!https://example\.com|mailto:)', html)  # nothing is loaded from elsewhere


def test_right_to_left_is_set_where_the_language_is(tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    arabic = (OWN / "en.yml").read_text("utf-8").replace("Hello {name},", "{name}، مرحبا")
    (tmp_path / "words" / "ar.yml").write_text(arabic, "utf-8")
    words = read_words(tmp_path)
    assert set(words) == {*WORDS, "ar"}
    composed = compose(CONTENT, words["ar"], OPTIONS, tmp_path)
    message = fill(CONTENT, composed.template, "ar", OPTIONS)
    assert 'lang="ar" dir="rtl"' in bodies(message)[1]
    assert "Ana، مرحبا" in bodies(message)[0]  # whoever delivers it need not know the site's own words
    assert "أبريل" in message["Subject"]


def test_a_sites_own_template_wins(tmp_path: Path) -> None:
    own = "{% extends 'notice.html' %}{% block head %}<p>Plan: {{ recipient.field('plan') }}</p>{% endblock %}"
    (tmp_path / "notice.html").write_text(own.replace("extends 'notice.html'", "extends 'gazette/notice.html'"))
    composed = compose(CONTENT, WORDS["en"], OPTIONS, tmp_path)
    html = bodies(fill(CONTENT, composed.template, "en", OPTIONS))[1]
    assert "Plan: gold" in re.sub(r"\s+", " ", html)
    assert "Read the whole text" in html


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{% if recipient.name %}x{% endif %}", r"notice.html:1: the template fails: a recipient's value is not known"),
        ("{{ recipient.name | upper }}", "a recipient's value was changed in the template"),
        ("x\n{{ nothing }}", r"notice.html:2: the template fails: 'nothing' is undefined"),
        ("x\n\n{% if %}", r"notice.html:3: the template fails"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("<a href='{{ recipient.name | urlencode }}'>", "a recipient's value was changed"),
    ],
)
def test_a_template_that_fails_is_found_before_anything_is_sent(tmp_path: Path, template: str, message: str) -> None:
    (tmp_path / "notice.html").write_text(template)
    with pytest.raises(ContentError, match=message):
        compose(CONTENT, WORDS["en"], OPTIONS, tmp_path)


def test_words_that_lack_something_are_named(tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "it.yml").write_text("greeting: Ciao\n")
    with pytest.raises(ContentError, match=r"it.yml: lacks .*subject.announcement"):
        read_words(tmp_path)


def test_a_long_outline_is_cut_and_says_so() -> None:
    many = tuple(SectionChange(f"Section {n}", ("changed",), PAGE.redline) for n in range(200))
    text, html = bodies(letter(replace(CONTENT, changes=many)))
    assert "and 160 more" in text
    assert "and 160 more" in html
    long = tuple(SectionChange("S" * 5000, ("changed",), PAGE.redline) for n in range(200))
    assert len(bodies(letter(replace(CONTENT, changes=long)))[1].encode()) <= LARGEST_HTML


def test_a_summary_too_long_for_a_mail_is_refused() -> None:
    with pytest.raises(ContentError, match="longer than 100 KB; shorten the version's summary"):
        compose(replace(CONTENT, summary_html="<p>" + "x" * 200_000 + "</p>"), WORDS["en"], OPTIONS)


def test_the_outline_comes_from_the_redline() -> None:
    found = {change.title: change for change in outline(compare(OLD, NEW), "https://example.com/r/")}
    assert found["Introduction"] == SectionChange("Introduction", ("changed",), "https://example.com/r/#introduction")
    assert found["Who we share with"].kinds[0] == "renamed"
    assert found["Your rights & choices"].kinds == ("added",)
    assert found["Old part"] == SectionChange("Old part", ("removed",))
    assert outline(compare(OLD, OLD), "x") == ()


def test_html_becomes_text_that_reads_well() -> None:
    html = absolute('<p>See <a href="#a">this</a>:</p><ul><li>one</li><li>two</li></ul>', "https://example.com/p/")
    assert 'href="https://example.com/p/#a"' in html
    text = plain(html)
    assert "this" in text
    assert "https://example.com/p/#a" in text
    assert "* one" in text
    assert plain("") == absolute("  ", "x") == ""
    assert plain_title("Who we *share* with & why") == "Who we share with & why"


def test_what_is_filled_in_takes_microseconds() -> None:
    import time

    composed = compose(CONTENT, WORDS["en"], OPTIONS)
    letters = Letters(CONTENT.notice, {"en": composed.template}, OPTIONS, bytes(32), "secret")
    claimed = Claimed(7, 1, 1, "ana@example.com", "Ana", "en", {}, 0, 0, "mail")
    began = time.process_time()
    for _ in range(2000):
        letters.envelope(claimed)
    each = (time.process_time() - began) / 2000
    assert each < 0.001  # building a message with the e-mail package takes 2 ms


def test_a_message_signed_here_is_a_message_signed(tmp_path: Path) -> None:
    import dkim
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    from gazette.notice.dkim_signing import signer
    from gazette.notice.options import Secrets

    key = rsa.generate_private_key(65537, 2048)
    path = tmp_path / "dkim.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    record = b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])
    sign = signer(Secrets(dkim_key_file=str(path), dkim_selector="s1"), OPTIONS.sender)
    assert sign is not None
    composed = compose(CONTENT, WORDS["de"], OPTIONS)
    letters = Letters(CONTENT.notice, {"de": composed.template}, OPTIONS, bytes(32), "secret", sign)
    message = letters.envelope(Claimed(7, 1, 1, "ana@example.com", "Änne", "de", {}, 0, 0, "mail")).message
    assert message.startswith(b"DKIM-Signature: ")
    assert dkim.verify(message, dnsfunc=lambda name, timeout=5: record)
    assert not dkim.verify(
        message.replace(b"Auto-Submitted: auto-generated", b"Auto-Submitted: no"),
        dnsfunc=lambda name, timeout=5: record,
    )


def test_words_know_their_attributes_only() -> None:
    assert isinstance(WORDS["en"], Words)
    assert WORDS["en"].greeting == "Hello,"
    with pytest.raises(AttributeError):
        _ = WORDS["en"].nonsense
