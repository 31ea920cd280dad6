"""A notice's message in one language: from its content and Jinja templates to parts with blanks (`template`).

Whatever is wrong with a template is found here, before a delivery exists. The text part and the HTML part say the same;
the HTML is cut to `LARGEST_HTML`, above which large mail services hide the end, by shortening the outline.
"""

from __future__ import annotations

import email
import email.headerregistry
import email.policy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import quote

import css_inline
import jinja2
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from gazette.errors import ContentError, Problem
from gazette.notice.addresses import ascii_address
from gazette.notice.content import Content, SectionChange
from gazette.notice.identity import content_hash
from gazette.notice.options import NoticeOptions
from gazette.notice.template import Blank, BlankError, Part, Template, blank, cleaned, joined, quoted_body
from gazette.notice.words import Words

OWN = Path(__file__).parent / "templates"
LARGEST_HTML = 100 * 1024
LONGEST_OUTLINE = 40
SHORTER = (LONGEST_OUTLINE, 20, 10, 0)


@dataclass(frozen=True, slots=True)
class Composed:
    """A message as composed. `html` and `text` are its bodies with the blanks still marked, for a preview."""

    language: str
    subject: str
    template: Template

    @property
    def content_hash(self) -> str:
        return content_hash(self.template.to_json())


class BlankText(Markup):
    """A blank in a template: it can be placed, not looked into."""

    def __bool__(self) -> bool:
        raise BlankError("a recipient's value is not known while the template runs, so 'if' can't ask for it")


class RecipientBlanks:
    """`recipient` in a template. The list's own fields: `field('plan')`, and inside a link `url('plan')`."""

    def __init__(self, writing: str, can_leave: bool) -> None:
        self._writing, self.can_leave = writing, can_leave

    @property
    def name(self) -> str:
        return self._blank("name")

    @property
    def address(self) -> str:
        return self._blank("address")

    @property
    def greeting(self) -> str:
        return self._blank("greeting")

    @property
    def unsubscribe_url(self) -> str:
        return self._blank("unsubscribe_url")

    def field(self, name: str) -> str:
        return self._blank(f"field.{name}")

    def url(self, name: str) -> str:
        return BlankText(blank("url", name if name in {"name", "address"} else f"field.{name}"))

    def _blank(self, name: str) -> str:
        return BlankText(blank(self._writing, name))


def environments(folder: Path | None) -> Mapping[str, jinja2.Environment]:
    """Jinja for the text and for the HTML; a site's own folder wins over ours, which stay known as `gazette/…`."""
    ours = jinja2.FileSystemLoader(OWN)
    own = [jinja2.FileSystemLoader(folder)] if folder else []
    loader = jinja2.ChoiceLoader([*own, ours, jinja2.PrefixLoader({"gazette": ours})])
    shared: dict[str, Any] = {
        "loader": loader, "undefined": jinja2.StrictUndefined, "trim_blocks": True, "lstrip_blocks": True,
        "keep_trailing_newline": True,
    }  # fmt: skip
    return {
        "txt": SandboxedEnvironment(autoescape=False, **shared),
        "html": SandboxedEnvironment(autoescape=True, **shared),
    }


def compose(content: Content, words: Words, options: NoticeOptions, folder: Path | None = None) -> Composed:
    """The message in the language of `words`. Raises ContentError that names the template and the line."""
    jinja = environments(folder)
    facts = _facts(content, words, options)
    subject = _subject(content, words, facts)
    for length in SHORTER:
        values = facts | {"subject": subject} | _outline(content, words, length)
        html = _inlined(_render(jinja["html"], "notice.html", values, "html", options))
        if len(html.encode("utf-8", "replace")) <= LARGEST_HTML:
            break
    else:
        where = content.notice.label
        what = f"the notice of {content.notice.policy} {where} is longer than {LARGEST_HTML // 1024} KB"
        raise ContentError([Problem("", 0, what, "shorten the version's summary")])
    text = _render(jinja["txt"], "notice.txt", values, "text", options)
    text = re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
    try:
        parts = _message(content, words.language, options, subject, text, html)
        template = Template(joined(parts), words.greeting, words.greeting_named)
        _prove(template, subject)
    except BlankError as error:
        raise _template_problem("notice.html or notice.txt", 0, str(error)) from error
    return Composed(words.language, subject, template)


def _facts(content: Content, words: Words, options: NoticeOptions) -> dict[str, Any]:
    said = {
        "title": content.title,
        "organisation": content.organisation,
        "effective": words.date(content.notice.effective),
        "published": words.date(content.published),
        "contact": content.contact,
    }
    reason = options.why(words.language) or words.reason
    return {
        "words": words,
        "language": words.language,
        "direction": words.direction,
        "policy_language": content.language,
        "notice": content.notice,
        "title": content.title,
        "organisation": content.organisation,
        "lead": _said(words.lead[content.notice.kind], said),
        "effective": said["effective"],
        "summary_html": Markup(content.summary_html),
        "summary_text": content.summary_text,
        "redline_url": content.page.redline,
        "text_url": content.page.page,
        "reason": _said(reason, said),
        "required": _said(words.required, said) if content.required else "",
        "contact": _said(words.contact, said) if content.contact else "",
        "said": said,
    }


def _subject(content: Content, words: Words, facts: Mapping[str, Any]) -> str:
    return cleaned(_said(words.subject[content.notice.kind], facts["said"]))


def _outline(content: Content, words: Words, length: int) -> dict[str, Any]:
    """The sections that change, at most `length`, and how many more."""
    rest = len(content.changes) - length
    counts = content.added or content.removed
    numbers = {"added": str(content.added), "removed": str(content.removed)}
    return {
        "changes": [_change(change, words) for change in content.changes[:length]],
        "more": _said(words.more, {"count": str(rest)}) if rest > 0 else "",
        "word_counts": _said(words.words, numbers) if counts else "",
    }


def _change(change: SectionChange, words: Words) -> dict[str, str]:
    return {"title": change.title, "said": ", ".join(words.change[k] for k in change.kinds), "url": change.url}


def _said(sentence: str, values: Mapping[str, str]) -> str:
    """The sentence with its {names} filled in, once: a value that holds braces stays as it is."""
    return re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], match[0]), sentence)


def _render(
    jinja: jinja2.Environment, name: str, values: Mapping[str, Any], writing: str, options: NoticeOptions
) -> str:
    try:
        return jinja.get_template(name).render(values, recipient=RecipientBlanks(writing, bool(options.unsubscribe)))
    except jinja2.TemplateSyntaxError as error:
        raise _template_problem(error.filename or error.name or name, error.lineno, error.message or "") from error
    except (jinja2.TemplateError, BlankError, TypeError, ValueError, AttributeError) as error:
        raise _template_problem(name, _line(error, name), str(error)) from error


def _template_problem(path: str, line: int, what: str) -> ContentError:
    return ContentError([Problem(str(path), line, f"the template fails: {what}", "correct it; nothing was sent")])


def _line(error: BaseException, name: str) -> int:
    """The line of the template where it failed: Jinja rewrites tracebacks to show templates' own lines."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(name):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _inlined(html: str) -> str:
    """Styles at their elements, since many mail programs drop style sheets; the media queries stay."""
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)
    return inliner.inline(html).replace(' data-css-inline="keep"', "")


def _message(content: Content, language: str, options: NoticeOptions, subject: str, text: str, html: str) -> list[Part]:
    """Headers, then the two bodies."""
    boundary = "gazette-" + content_hash(text + html)[:24]
    parts: list[Part] = [_fixed_headers(content, language, options, subject)]
    for name, value in (("To", "to"), ("Date", "date"), ("Message-ID", "message_id"), ("Gazette-Delivery", "delivery")):
        parts += [f"{name}: ", Blank("header", value), "\r\n"]
    if options.unsubscribe:
        parts += ["List-Unsubscribe: <", Blank("header", "unsubscribe_url"), ">\r\n"]
        if not options.unsubscribe.startswith("mailto:"):
            parts.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n")
    parts.append(f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="{boundary}"\r\n')
    for kind, body in (("plain", text), ("html", html)):
        head = f"\r\n--{boundary}\r\nContent-Type: text/{kind}; charset=utf-8\r\n"
        parts += [head + "Content-Transfer-Encoding: quoted-printable\r\n\r\n", *quoted_body(body)]
    parts.append(f"\r\n--{boundary}--\r\n")
    return parts


def _fixed_headers(content: Content, language: str, options: NoticeOptions, subject: str) -> str:
    """The headers that are the same for everyone, encoded and folded by the standard library."""
    message = EmailMessage(email.policy.SMTP)
    name, address = parseaddr(options.sender)
    message["From"] = email.headerregistry.Address(name, addr_spec=ascii_address(address))
    if options.reply_to:
        name, address = parseaddr(options.reply_to)
        message["Reply-To"] = email.headerregistry.Address(name, addr_spec=ascii_address(address))
    message["Subject"] = subject
    message["Content-Language"] = language
    message["Auto-Submitted"] = "auto-generated"
    message["Gazette-Policy"] = quote(content.notice.policy)
    message["Gazette-Version"] = content.notice.label
    message["Gazette-Notice"] = content.notice.kind.value
    return message.as_bytes().decode("ascii").removesuffix("\r\n")


def _prove(template: Template, subject: str) -> None:
    """Fill the message in for somebody and read it back: it must be a sound message."""
    sample = template.filler()(
        {"to": "a@example.com", "date": "Thu, 01 Jan 1970 00:00:00 +0000", "message_id": "<1@example.com>"}
    )
    message = email.message_from_bytes(sample, policy=email.policy.default)
    bodies = [part for part in message.walk() if not part.is_multipart()]
    if message.defects or len(bodies) != 2 or str(message["Subject"]) != subject:
        raise BlankError("the finished message can't be read back")
