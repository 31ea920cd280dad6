"""Which scripts a Content-Security-Policy has to name."""

from __future__ import annotations

import pytest

from gazette.site.inline_scripts import header, sources


@pytest.mark.parametrize(
    ("page", "count"),
    [
        ("<script>go()</script>", 1),
        ("<script>go()</script><script>go()</script>", 1),
        ('<script src="bundle.js"></script>', 0),
        ('<script id="__config" type="application/json">{}</script>', 0),
        ('<script type="module">go()</script>', 1),
        ("<p>script</p>", 0),
    ],
)
def test_scripts_that_run_are_named_once(page: str, count: int) -> None:
    assert len(sources(page)) == count


def test_the_digest_is_that_of_the_code_between_the_tags() -> None:
    assert sources("<script>alert('Hello, world.');</script>") == {
        "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"  # the example of the standard, CSP 3
    }


def test_the_header_allows_nothing_else() -> None:
    assert header(["'sha256-x'"]).startswith("default-src 'none'; script-src 'self' 'sha256-x'; ")
