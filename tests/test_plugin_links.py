"""What MkDocs checks in its own pages is checked in archive pages too, and says version and section."""

from __future__ import annotations

from pathlib import Path

import pytest
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from gazette.policy.model import Change
from tests.making import Published, make_site, text

FIRST = text(sharing="See [that](#gone) and the [terms](../terms/#old-payment).", contact="Write.")
SECOND = text(sharing="See [that](#contact) and the [terms](../terms/#payment).", contact="Write.")
OTHER = text(payment="In advance. See [all](../privacy-policy/#sharing).")
PRIVACY = [
    Published("1.0", "2023-03-18", FIRST, change=Change.INITIAL),
    Published("2.0", "2024-07-03", SECOND),
]
TERMS = [Published("1.0", "2023-03-18", OTHER, change=Change.INITIAL)]


def built(root: Path, caplog: pytest.LogCaptureFixture) -> list[str]:
    """What a strict build says at the level of warnings; of what it says below, that about links."""
    caplog.clear()
    caplog.set_level("INFO", "mkdocs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAZETTE_DAY", "2026-11-23")
        patch.setenv("NO_MKDOCS_2_WARNING", "1")
        mkdocs_build(load_config(str(root / "mkdocs.yml"), strict=True, site_dir=str(root / "site")))
    return [record.getMessage() for record in caplog.records if "the link" in record.getMessage()]


def test_a_past_version_whose_links_lead_nowhere_is_said_and_does_not_fail(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    root = make_site(tmp_path, {"privacy-policy": PRIVACY, "terms": TERMS})
    place = "gazette: privacy-policy, version 1.0, section 'sharing'"
    expected = [
        f"{place}: the link '#gone' leads to no section of that version.",
        f"{place}: the link '../terms/#old-payment' leads to no section of 'terms' as it is in force.",
    ]
    assert built(root, caplog) == expected
    assert built(root, caplog) == expected  # also where nothing is made again


def test_the_version_in_force_fails_a_strict_build(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    root = make_site(tmp_path, {"privacy-policy": PRIVACY[:1], "terms": TERMS})
    for name, body in (("01-sharing", "Mended."), ("02-contact", "Write.")):
        (root / f"content/privacy-policy/text/{name}.md").write_text(f"---\ntitle: T\n---\n\n{body}\n")
    config = (root / "mkdocs.yml").read_text()
    (root / "mkdocs.yml").write_text(config + "validation: {links: {anchors: warn}}\n")
    with pytest.raises(Abort):
        built(root, caplog)


def test_a_page_that_links_to_a_missing_place_in_an_archive_page_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    root = make_site(tmp_path, {"privacy-policy": PRIVACY[1:], "terms": TERMS})
    version = "privacy-policy/versions/2.0/index.html"
    (root / "content/about.md").write_text(f"# About\n\n[Good]({version}#sharing) and [bad]({version}#shearing).\n")
    caplog.clear()
    built(root, caplog)
    told = [record.getMessage() for record in caplog.records if "shearing" in record.getMessage()]
    assert told == [
        f"gazette: Doc file 'about.md' contains a link '{version}#shearing', but the page '{version}' does not contain "
        "an anchor '#shearing'."
    ]
