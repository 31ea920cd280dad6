"""The scripts that a theme writes into its pages, named by their digests for a Content-Security-Policy.

Takes pages; gives what goes after `script-src`, so that a server may refuse every other inline script. Gazette itself
writes none. Data blocks (JSON) are not run, and need no name.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL | re.IGNORECASE)
_TYPE = re.compile(r"""\btype=["']?([^"'\s>]*)""", re.IGNORECASE)
_RUN = frozenset({"", "text/javascript", "application/javascript", "module"})


def sources(page: str) -> frozenset[str]:
    """`'sha256-…'` for each inline script that a browser would run."""
    return frozenset(
        f"'sha256-{base64.b64encode(hashlib.sha256(found['code'].encode()).digest()).decode()}'"
        for found in _SCRIPT.finditer(page)
        if "src=" not in found["attributes"] and _type(found["attributes"]) in _RUN
    )


def _type(attributes: str) -> str:
    found = _TYPE.search(attributes)
    return found[1].lower() if found else ""


def header(found: Iterable[str]) -> str:
    """A policy under which a site with these scripts works, and nothing else does."""
    scripts = " ".join(["'self'", *sorted(found)])
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
