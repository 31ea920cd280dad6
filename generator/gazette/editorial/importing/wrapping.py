"""Lines that an editor or a mail program broke at some width → the lines that the author meant.

A break is the machine's if the next line's first word would not have fitted on the line; otherwise it is the author's
(an address, a verse) and stays.
"""

from __future__ import annotations

from collections.abc import Sequence

#: Narrower blocks are taken as lines that are meant, such as a postal address.
NARROWEST = 45


def unwrapped(lines: Sequence[str]) -> tuple[str, ...]:
    """The lines of one paragraph, joined where they were only wrapped."""
    stripped = [line.strip() for line in lines]
    width = max(map(len, stripped), default=0)
    joined: list[str] = []
    for place, line in enumerate(stripped):
        if place and was_wrapped(stripped[place - 1], line, width):
            joined[-1] = join(joined[-1], line)
        else:
            joined.append(line)
    return tuple(joined)


def join(before: str, after: str) -> str:
    """Two parts of one line: a space between them, but none after a hyphen in a word or in Chinese and Japanese."""
    hyphen = before.endswith("-") and before[-2:-1].isalpha() and after[:1].islower()
    wide = _is_wide(before[-1:]) and _is_wide(after[:1])
    return before + after if hyphen or wide else f"{before} {after}"


def was_wrapped(line: str, following: str, width: int) -> bool:
    """Whether a line of a block this wide ends where it does only because the next word would not have fitted."""
    if width < NARROWEST:
        return False
    first_word = following.split(maxsplit=1)[0] if not _is_wide(following[:1]) else following[:1]
    return len(line) + 1 + len(first_word) > width - 8


def _is_wide(character: str) -> bool:
    return "\u2e80" <= character <= "\u9fff" or "\uff00" <= character <= "\uffef"
