"""Texts for the renderings: one small pair with a change of every kind, hostile words, and real histories."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from gazette.redline import Redline, compare_markdown

HISTORIES = Path(__file__).parents[3] / "shared" / "histories"

OLD = """# Example policy

These words stay as they were for the whole of this text, so that nothing at all changes in here.

## Cookies

We use cookies to remember you. See [our partners](/partners) for the rest of it, or call **us**.

- first thing
- second thing
    - nested thing about data
- third thing

1. one item that stays
2. two item that stays

A long paragraph that stays the same and that is worth a fold, because it has many words that nobody needs again.

## Your rights

You may ask us for a copy of your data at any time and we will send it within 30 days of your request.

You may complain to the authority that looks after us. It will then look into what we did and tell you what it found.

## Tables

| Name | Purpose |
|---|---|
| sid | session of the user |
| uid | who the user is |

## Contact

Write to us at once.
"""
NEW = """# Example policy

These words stay as they were for the whole of this text, so that nothing at all changes in here.

## Your rights

You may ask us for a copy of your data at any time and we will send it within 45 days of your request.

You may complain to the authority that looks after us.

It will then look into what we did and tell you what it found.

## Cookies and similar things

We use cookies and local storage to remember you. See [our partners](/partners/list) for the rest of it, or call us.

- first thing
- second thing
- nested thing about data
- third thing

1. zero item that is new
2. one item that stays
3. two item that stays

A long paragraph that stays the same and that is worth a fold, because it has many words that nobody needs again.

## Tables

| Name | Kept for | Purpose |
|---|---|---|
| sid | one day | session of the user |
| lang | one year | language chosen |

## Contact

Write to us at once.
"""

#: What must stay words on whatever page it ends up.
HOSTILE = (
    "@someone and @example/team, see #12, GH-7 and example/repo#3",
    "**not bold** _not italic_ `not code` ~~not struck~~ [not a link](https://example.com)",
    "https://github.com/example/repo/issues/1 and www.example.com",
    "costs $5 and $10, :tada: and 1f0c3b2 too",
    "<script>alert(1)</script> & <b>markup</b> &amp; </details>",
    "[-not removed-] {+not added+}",
)


def real_pairs() -> Iterator[tuple[str, str, str]]:
    """Of each history the last two versions, and the first and the last."""
    for folder in sorted(path for path in HISTORIES.glob("*") if path.is_dir()):
        files = sorted(folder.glob("**/*.md"))
        for old, new in ((files[-2], files[-1]), (files[0], files[-1])):
            yield f"{folder.name}:{old.stem}:{new.stem}", old.read_text("utf-8"), new.read_text("utf-8")


def pairs() -> dict[str, tuple[str, str]]:
    """Pairs by name: small ones, and real ones where they are at hand."""
    small = {
        "every kind": (OLD, NEW),
        "back again": (NEW, OLD),
        "from nothing": ("", NEW),
        "to nothing": (OLD, ""),
        "the same": (OLD, OLD),
        "paragraphs merged": (
            "One two three four.\n\nFive six seven eight.\n",
            "One two three four. Five six seven eight.\n",
        ),
        "line breaks": ("one  \ntwo three four", "one  \ntwo five four"),
        "code": ("```\na = 1\n\nb = 2\n```\n\nwords", "```\na = 1\n\nb = 3\n```\n\nwords"),
        "list kind": ("- alpha beta\n- gamma delta\n", "1. alpha beta\n2. gamma delta\n"),
        "quote": ("> quoted words stay\n", "quoted words stay\n"),
        "image": ("See ![a plan](plan.png) here.", "See ![a map](map.png) here."),
        "right to left": ("نحن نحترم خصوصيتك دائما", "نحن نحترم خصوصيتك"),
        "without spaces": ("個人情報を収集します。", "個人情報を利用します。"),
    }
    return small | {name: (old, new) for name, old, new in real_pairs()}


PAIRS = pairs()


@cache
def redline_of(name: str) -> Redline:
    """The redline of a pair, compared once for all tests."""
    return compare_markdown(*PAIRS[name])
