"""What a screen reader says before and after what a redline marks, as style rules in each language of a site.

Assistive technology rarely says that words stand in `<ins>` or `<del>`. Generated text is said, and is not copied with
the words around it. The style sheet keeps it out of sight.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from gazette.site.words import words

#: Not in a language tag, which stands in `:lang()` without quotation marks: browsers differ about those.
_IDENTIFIER = re.compile(r"[^A-Za-z0-9-]")


def rules(languages: Iterable[str]) -> str:
    """The rules, to be put at the end of the style sheet."""
    return "".join(rule for language in sorted(set(languages)) for rule in _rules(language))


def _rules(language: str) -> tuple[str, str, str]:
    _ = words(language)
    marks = f".md-typeset .gz:lang({_IDENTIFIER.sub('', language)}) .gz-redline"
    return (
        f'\n{marks} ins:not(.moved, .break)::before {{ content: " [{_safe(_("added"))}: "; }}\n',
        f'{marks} del:not(.moved, .break)::before {{ content: " [{_safe(_("removed"))}: "; }}\n',
        f'{marks} :is(ins, del):not(.moved, .break)::after {{ content: "] "; }}\n',
    )


def _safe(text: str) -> str:
    """Text inside a CSS string."""
    return "".join(f"\\{ord(sign):x} " if sign in '"\\\n<' else sign for sign in text)
