"""What an editor should look at in a text that has just been imported.

Takes the sections with their source's lines; gives warnings: sentences that stand there twice, sections that say
little or nothing of their own, companies named without a link, references to sections that are not there, words left
open. Each is a hint; none of them changes a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gazette.editorial.importing.document import warning
from gazette.editorial.importing.lineage import Placed
from gazette.editorial.importing.outline import Role
from gazette.editorial.importing.titles import WORD, bare, plain
from gazette.errors import Problem
from gazette.policy import markup

#: A repeated sentence counts from so many words on; a section with fewer than LITTLE says little.
REPEATED, LITTLE = 8, 20
MOST_REPEATED = 10

_NAMES = """
Adyen, Airtable, Akamai, Algolia, Amazon, Amplitude, Apple, AppsFlyer, Atlassian, Auth0, Braze, Bugsnag, Calendly,
Cloudflare, Criteo, Datadog, DigitalOcean, Discord, Disqus, DocuSign, Dropbox, Facebook, Fastly, Firebase, Freshdesk,
FullStory, GitHub, GitLab, Google, Heap, Heroku, Hotjar, HubSpot, Instagram, Intercom, Klarna, LinkedIn, Loggly,
Mailchimp, Mailgun, Meta, Microsoft, Mixpanel, MongoDB, Netlify, New Relic, Okta, OpenAI, Outbrain, PayPal, Pinterest,
Plaid, Plausible, PostHog, Postmark, Pusher, Reddit, Salesforce, Segment, SendGrid, Sentry, Shopify, Slack, Snapchat,
Snowflake, Spotify, Square, Stripe, Supabase, Taboola, TikTok, Trustpilot, Twilio, Twitter, Typeform, Vercel, Vimeo,
WhatsApp, YouTube, Zapier, Zendesk, Zoom
"""
#: Companies that policies name as recipients of data, whose own policy a reader wants to reach.
COMPANIES = tuple(" ".join(_NAMES.split()).split(", "))
_COMPANY = re.compile(rf"\b(?:{'|'.join(map(re.escape, COMPANIES))})\b")
_ITS_POLICY = re.compile(
    r"\b(?:(?:As|At|By|For|From|In|On|Our|Per|See|The|To|Under|With) )?"
    r"([A-Z][\w&.-]+(?: [A-Z][\w&.-]+)?)['’]s (?:Privacy|Cookie|Data)(?: \w+)? (?:Policy|Notice|Statement)"
)
_SENTENCE = re.compile(r"[^.!?。\n]+(?:[.!?。]+(?=\s|$)|$|(?=\n))")
_LINK = re.compile(r"\[([^\[\]]*)\](?:\([^)]*\)|\[[^\]]*\])|<a\b[^>]*>(.*?)</a>", re.DOTALL | re.IGNORECASE)
_QUOTED = re.compile(
    r"(?:(?:section|abschnitt|rubrique|seção|sección|paragraph|chapter)s?\s+(?:titled\s+|called\s+|entitled\s+)?"
    r"[\"“„«]\s*(?P<after>[^\"”“»]{2,80}?)\s*[\"”“»]"
    r"|[\"“„«]\s*(?P<before>[^\"”“»]{2,80}?)\s*[\"”“»]\s+(?:section|abschnitt|paragraph|chapter)\b)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"\b(?:section|abschnitt|article|artikel|clause)\s+(?P<number>\d+)(?:\.\d+)*\b"
    r"(?! of the (?!agreement|polic|terms))",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\[(?:insert|your|company|name|date|address|email|e-mail|website|url|app)[^\]\n]{0,40}\](?!\()|\bTODO\b|\bTBD\b|\bFIXME\b"
    r"|lorem ipsum|\bX{2}/X{2}/X{2,4}\b|\{\{[^}\n]*\}\}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Sentence:
    section: Placed
    line: int
    words: str
    text: str


def review(placed: Sequence[Placed], path: str, title: str = "") -> tuple[Problem, ...]:
    """The hints for one text, in the order of its lines."""
    sentences = [sentence for section in placed for sentence in _sentences(section)]
    found = [
        *_repeated(sentences, path),
        *_saying_little(placed, sentences, path),
        *_unlinked(placed, path, title),
        *_dangling(placed, path),
        *_left_open(placed, path),
    ]
    return tuple(sorted(found, key=lambda problem: problem.line))


def _sentences(section: Placed) -> Iterator[_Sentence]:
    for line, text in _visible_lines(section):
        if text.lstrip().startswith("#"):
            continue
        text = re.sub(r"^\s*(?:[-*+>]|\d+\.)\s+", "", text)
        for match in _SENTENCE.finditer("\n".join(plain(cell) for cell in re.split(r"(?<!\\)\|", text))):
            words = " ".join(WORD.findall(match[0].casefold()))
            if words:
                yield _Sentence(section, line, words, match[0].strip())


def _visible_lines(section: Placed) -> Iterator[tuple[int, str]]:
    """The lines of a section that are no code, with the source's line."""
    for number, line in enumerate(markup.masked(section.part.body).split("\n")):
        yield _line(section, number), line


def _line(section: Placed, number: int) -> int:
    lines = section.part.lines
    return lines[min(number, len(lines) - 1)] if lines else section.part.line


def _repeated(sentences: Sequence[_Sentence], path: str) -> Iterator[Problem]:
    """One warning for each sentence that stands there more than once; many are counted."""
    places: dict[str, list[_Sentence]] = {}
    for sentence in sentences:
        if len(sentence.words.split()) >= REPEATED:
            places.setdefault(sentence.words, []).append(sentence)
    repeated = [same for same in places.values() if len(same) > 1]
    for first, second, *others in repeated[:MOST_REPEATED]:
        also = f", as do lines {', '.join(str(other.line) for other in others)}" if others else ""
        what = f"repeats the sentence of line {first.line}{also}: “{_short(first.text)}”"
        yield warning(path, second.line, what, "say it once, in the section where people look for it")
    if (more := len(repeated) - MOST_REPEATED) > 0:
        yield warning(path, repeated[MOST_REPEATED][1].line, f"{more} more sentences stand in the text twice or more")


def _saying_little(placed: Sequence[Placed], sentences: Sequence[_Sentence], path: str) -> Iterator[Problem]:
    """Sections whose every sentence stands elsewhere too, and sections of a few words."""
    places: dict[str, set[str]] = {}
    for sentence in sentences:
        places.setdefault(sentence.words, set()).add(sentence.section.id)
    for section in placed:
        if section.part.role is not Role.SECTION:
            continue
        own = [sentence for sentence in sentences if sentence.section is section]
        count = sum(len(sentence.words.split()) for sentence in own)
        title = plain(section.part.title)
        if own and all(len(places[sentence.words]) > 1 for sentence in own):
            what = f"the section '{title}' says nothing of its own: all of it stands in another section too"
            yield warning(path, section.part.line, what, "say what its heading promises, or delete it")
        elif count < LITTLE and not _LINK.search(section.part.body) and "@" not in section.part.body:
            words = f"{count} words" if count != 1 else "1 word"
            what = f"the section '{title}' says next to nothing ({words})"
            yield warning(path, section.part.line, what, "say what its heading promises, or join it to another")


def _unlinked(placed: Sequence[Placed], path: str, title: str) -> Iterator[Problem]:
    linked = " ".join(
        words for section in placed for match in _LINK.finditer(section.part.body) for words in match.groups() if words
    )
    # Who is named all over a text, or in its title, is whose text it is.
    bodies = [section.part.body for section in placed]
    seen = {name for name in COMPANIES if name in title or (sum(name in b for b in bodies) > max(3, len(bodies) // 2))}
    for section in placed:
        for line, text in _visible_lines(section):
            bare_line = _LINK.sub(" ", text)
            names = [match[0] for match in _COMPANY.finditer(bare_line)]
            names += [match[1] for match in _ITS_POLICY.finditer(bare_line)]
            for name in dict.fromkeys(names):
                if name in seen or re.search(rf"\b{re.escape(name)}\b", linked):
                    continue
                seen.add(name)
                yield warning(path, line, f"names {name} without a link", "link its privacy policy")


def _dangling(placed: Sequence[Placed], path: str) -> Iterator[Problem]:
    """References to sections by a quoted heading or by number."""
    headings = {bare(section.part.title) for section in placed}
    titles = [plain(section.part.title) for section in placed]
    for section in placed:
        inner = markup.headings(section.part.body)
        headings |= {bare(heading.title) for heading in inner}
        titles += [plain(heading.title) for heading in inner]
    numbers = {
        match[1]
        for title in titles
        if (match := re.match(r"(?:section\s+|article\s+|§\s*)?(\d+)\b", title, re.IGNORECASE))
    }
    for section in placed:
        for line, text in _visible_lines(section):
            for match in _QUOTED.finditer(plain(text)):
                name = (match["after"] or match["before"]).strip(" .,")
                if bare(name) not in headings:
                    yield warning(
                        path, line, f"refers to a section “{name}”, which is not there", "name the one that is meant"
                    )
            for match in _NUMBERED.finditer(plain(text)):
                if numbers and match["number"] not in numbers:
                    yield warning(
                        path, line, f"refers to “{match[0]}”, which is not there", "name the one that is meant"
                    )


def _left_open(placed: Sequence[Placed], path: str) -> Iterator[Problem]:
    for section in placed:
        for line, text in _visible_lines(section):
            for match in _OPEN.finditer(text):
                yield warning(path, line, f"something was left open: {match[0]}", "fill it in")


def _short(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[: text.rfind(" ", 0, limit)] + " …"
