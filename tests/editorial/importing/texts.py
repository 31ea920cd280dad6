"""Texts for the tests of the import, and what the real ones beside the repository are found by."""

from __future__ import annotations

import re
from pathlib import Path

import lxml.html
import markdown
import pytest

SHARED = Path(__file__).parents[3].parent / "shared"
SEED = SHARED / "seed" / "privacy-policy.txt"
HISTORIES = SHARED / "histories"

needs_seed = pytest.mark.skipif(not SEED.exists(), reason="../shared/seed is not there")
needs_histories = pytest.mark.skipif(not HISTORIES.exists(), reason="../shared/histories is not there")

#: A policy as an organisation first hands it over: capitals for headings, numbers, bullets, a date at the top.
HANDED_OVER = """\
Example Tools

Privacy Policy

Last updated May 2nd, 2022

INTRODUCTION

Example Tools ("we") takes care of what you tell us. This policy says what we keep, why, and for how long we keep it.

WHAT WE COLLECT

Depending on the product, we collect the following:

1. Editor:

  • What you open and save (e.g., "opened a drawing"). It is linked to a number that stands for your device.
  • Note: the drawings themselves stay on your device until you publish them.

2. Viewer:

  • The pages that are looked at.
      ◦ When, and for how long.
      ◦ From which country.

3. Third-Party Services:

  • Errors are sent to Sentry, so that we can mend them. Sentry's Privacy Policy says more.

USE OF DATA AND API ACCESS

We use data only to run the service. Every access through the API is written down, and the record is kept for
ninety days on servers that only three people can reach.

DATA SHARING

We use data only to run the service.

YOUR RIGHTS

You may ask for your data, correct it or have it deleted. Write to us as the "Contact Us" section says, or see the
"Complaints" section.

CONTACT US

Example Tools Ltd
1 Sample Street
Exampletown

Write to privacy@example.com
"""


def words(text: str) -> list[str]:
    """The words of a text, whatever their case."""
    return re.findall(r"[^\W_]+", text.casefold())


def rendered_words(source: str, numbers: bool = False) -> list[str]:
    """The words that a reader of the Markdown sees, in order; with the numbers of list items, if asked for."""
    html = markdown.markdown(source, extensions=["extra", "sane_lists"])
    if not html.strip():
        return []
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    for listed in root.iter("ol") if numbers else ():
        for number, item in enumerate(listed.iterchildren("li"), int(listed.get("start") or 1)):
            item.text = f"{number} {item.text or ''}"
    return words(" ".join(root.itertext()))
