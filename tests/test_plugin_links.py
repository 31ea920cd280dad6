"""What MkDocs checks in its own pages is checked in archive pages too, and says version and section."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from lxml import html
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from gazette.policy.model import Change
from tests.making import CONFIG, Published, make_site, text

FIRST = text(sharing="See [that](#gone) and the [terms](../terms/#old-payment).", contact="Write.")
SECOND = text(sharing="See [that](#contact) and the [terms](../terms/#payment).", contact="Write.")
OTHER = text(payment="In advance. See [all](../privacy-policy/#sharing).")
PRIVACY = [
    Published("1.0", "2023-03-18", FIRST, change=Change.INITIAL),
    Published("2.0", "2024-07-03", SECOND),
]
TERMS = [Published("1.0", "2023-03-18", OTHER, change=Change.INITIAL)]


def built(root: Path, caplog: pytest.LogCaptureFixture, strict: bool = True) -> list[str]:
    """What a build says about links; a strict one is aborted by a warning."""
    caplog.clear()
    caplog.set_level("INFO", "mkdocs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAZETTE_DAY", "2026-11-23")
        patch.setenv("NO_MKDOCS_2_WARNING", "1")
        mkdocs_build(load_config(str(root / "mkdocs.yml"), strict=strict, site_dir=str(root / "site")))
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
    built(root, caplog)  # as MkDocs has it where a page is there, and the place in it is not
    _configure(root, "validation: {links: {anchors: warn}}\n")
    with pytest.raises(Abort):
        built(root, caplog)


# What a text in force says, and why it leads nowhere; whether a page is there without that place. Without a reason it
# leads somewhere.
NEAR, FAR = True, False
NO_PAGE = (FAR, "leads to no page or file of the site")
NO_PLACE = (NEAR, "leads to no place in that page")
LINKS: dict[str, tuple[bool, str] | None] = {
    "[x](../nopolicy/)": NO_PAGE,
    "[x](../nopolicy/#sharing)": NO_PAGE,
    "[x](versions/1999-01-01/)": NO_PAGE,
    "[x](../terms/versions/1999-01-01/)": NO_PAGE,
    "[x](changes/1.0/)": NO_PAGE,
    "[x](sections/nosuch/)": NO_PAGE,
    "[x](../terms/nosuch/)": NO_PAGE,
    "[x](../terms/versions/1.0/assets/map.png)": NO_PAGE,
    "[x](../index.md)": NO_PAGE,
    "[x](www.example.com)": NO_PAGE,
    "[x](../feed.xml/)": NO_PAGE,
    "![x](assets/none.png)": (FAR, "leads to no file of that version"),
    "<a href='../nopolicy/?a=b'>x</a>": NO_PAGE,
    "<a title='href=y' href = ../nosuch>x</a>": NO_PAGE,
    "[x](#nope)": (NEAR, "leads to no section of that version"),
    "<a href='#single'>x</a>": (NEAR, "leads to no section of that version"),
    "<a href=#bare>x</a>": (NEAR, "leads to no section of that version"),
    "[x](../terms/#nope)": (NEAR, "leads to no section of 'terms' as it is in force"),
    "[x](../terms/index.html#nope)": (NEAR, "leads to no section of 'terms' as it is in force"),
    "[x](../terms?a=b#nope)": (NEAR, "leads to no section of 'terms' as it is in force"),
    "[x](../terms/versions/1.0/#nope)": NO_PLACE,
    "[x](../terms/versions/1.0/index.html#nope)": NO_PLACE,
    "[x](../about/#nope)": NO_PLACE,
    "[x](../about/#viewport)": NO_PLACE,  # the name of a <meta>
    "[x](#s0) [x](#) [x](#top) [x](#:~:text=word)": None,
    "<a id='here'></a><b id=there>x</b> [x](#here) [x](#there) <a name='old'></a> [x](#old)": None,
    "[x](../terms) [x](../terms/) [x](../terms/#payment) [x](../terms/versions/1.0/#payment)": None,
    "[x](./) [x](../) [x](..) [x](../about/) [x](../about/#facts) [x](../terms/text-of/../#payment)": None,
    "[x](versions/) [x](versions/1.0/) [x](versions/1.0/text.md) [x](versions.json) [x](sections/s0/)": None,
    "[x](compare/?from=1.0&to=1.0) [x](since/?date=2024-01-01) [x](feed.xml) [x](../feed.xml#y)": None,
    "![x](assets/map%201.gif) [x](assets/map%201.gif?a#b) [x](versions/1.0/assets/map%201.gif)": None,
    "[x](/elsewhere/) [x](?a=b) [x](../../elsewhere/) [x](https://example.com/#y) <someone@example.com>": None,
    "`<a href='#code'>` <!-- <a href='#comment'>x</a> -->": None,
}


@pytest.fixture(scope="module")
def linking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a text in force in which there is each of `LINKS`, an ordinary page, and another policy."""
    body = {f"s{n}": markdown for n, markdown in enumerate(LINKS)}
    images = {"assets/map 1.gif": b"GIF89a"}
    other = Published("1.0", "2023-03-18", text(payment="In advance."), change=Change.INITIAL)
    mine = Published("1.0", "2023-03-18", text(**body), change=Change.INITIAL, images=images)
    root = make_site(tmp_path_factory.mktemp("links"), {"mine": [mine], "terms": [other]})
    for path in (root / "content/mine/text").glob("*.md"):
        path.write_text("---\ntitle: T\n---\n\nMended.\n")
    (root / "content/about.md").write_text("# About\n\n## Facts\n\nNone.\n")
    return root


def test_of_the_links_of_a_text_in_force_those_are_said_that_lead_nowhere(
    linking: Path, caplog: pytest.LogCaptureFixture
) -> None:
    expected = [
        f"gazette: mine, version 1.0, section 's{n}': the link '{_target(markdown)}' {trouble[1]}."
        for n, (markdown, trouble) in enumerate(LINKS.items())
        if trouble
    ]
    assert built(linking, caplog, strict=False) == expected
    warned = {record.getMessage() for record in caplog.records if record.levelname == "WARNING"}
    assert warned == {
        line for line, trouble in zip(expected, filter(None, LINKS.values()), strict=True) if not trouble[0]
    }


def _target(markdown: str) -> str:
    found = re.search(r"""\]\(([^)]+)\)|\shref ?= ?["']?([^"'>]+)""", markdown.replace("title='href=y'", ""))
    assert found is not None
    return found[1] or found[2]


@pytest.mark.parametrize("link", ["[x](../nopolicy/)", "[x](versions/1999-01-01/)", "![x](assets/none.png)"])
def test_a_link_of_the_text_in_force_to_no_page_fails_a_build_that_is_only_strict(
    link: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    root = make_site(tmp_path, {"terms": [Published("1.0", "2023-03-18", text(a=link), change=Change.INITIAL)]})
    (root / "content/terms/text/01-a.md").write_text("---\ntitle: A\n---\n\nMended.\n")
    with pytest.raises(Abort):
        built(root, caplog)
    _configure(root, "validation: {links: {not_found: info}}\n")
    assert len(built(root, caplog)) == 1


def test_the_links_of_summaries_are_followed_too(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    summaries = [
        "See [that](#gone) and [this](#payment).",
        "See [them](../gone/), [it](versions/1.0/), [no](changes/1.0/).",
    ]
    versions = [
        Published(f"{n}.0", f"202{n}-01-01", text(payment="In advance." * n), summary=summary)
        for n, summary in enumerate(summaries, start=1)
    ]
    told = built(make_site(tmp_path, {"terms": versions}), caplog, strict=False)
    assert [(line, _level(line, caplog)) for line in told] == [
        ("gazette: terms, version 2.0, summary: the link '../gone/' leads to no page or file of the site.", "WARNING"),
        (
            "gazette: terms, version 2.0, summary: the link 'changes/1.0/' leads to no page or file of the site.",
            "WARNING",
        ),
        ("gazette: terms, version 1.0, summary: the link '#gone' leads to no section of that version.", "INFO"),
    ]


def test_a_past_version_fails_no_build_whatever_it_leads_to(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    old = text(sharing="[a](../gone/) ![b](assets/gone.png) [c](../terms/versions/0.9/) [d](#gone)", contact="Write.")
    root = make_site(tmp_path, {"privacy-policy": [Published("1.0", "2023-03-18", old), *PRIVACY[1:]], "terms": TERMS})
    assert len(built(root, caplog)) == 4
    _configure(root, "validation: {links: {anchors: ignore, not_found: warn}}\n")
    assert [line.split("'")[3] for line in built(root, caplog)] == [
        "../gone/",
        "assets/gone.png",
        "../terms/versions/0.9/",
    ]


def test_a_dead_link_of_many_past_versions_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    texts = [text(a="[x](../gone/)" + " More." * n) for n in range(3)] + [text(a="Mended.")]
    versions = [Published(f"{n}.0", f"202{n}-01-01", one) for n, one in enumerate(texts, start=1)]
    what = "section 'a': the link '../gone/' leads to no page or file of the site."
    assert built(make_site(tmp_path, {"terms": versions}), caplog) == [
        f"gazette: terms, version 3.0 and 2 more, {what}"
    ]


def test_what_a_policy_leads_to_may_be_made_by_another_plugin_last_of_all(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    link = Published("1.0", "2023-03-18", text(a="As [PDF](terms.pdf)."), change=Change.INITIAL)
    root = make_site(tmp_path, {"terms": [link]})
    (root / "print.py").write_text(
        "from pathlib import Path\n\n"
        "def on_post_build(config):\n    Path(config.site_dir, 'terms/terms.pdf').write_bytes(b'%PDF')\n"
    )
    _configure(root, "hooks: [print.py]\n")
    assert built(root, caplog) == []


def test_a_policy_that_is_gone_since_the_last_build_is_led_to_no_more(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    root = make_site(tmp_path, {"privacy-policy": PRIVACY[1:], "terms": TERMS})
    assert built(root, caplog) == []
    shutil.rmtree(root / "content/terms")
    for path in (root / "content/privacy-policy/text").glob("*.md"):
        path.write_text("---\ntitle: T\n---\n\nMended.\n")
    told = "section 'sharing': the link '../terms/#payment' leads to no page or file of the site."
    assert built(root, caplog, strict=False) == [f"gazette: privacy-policy, version 2.0, {told}"]


def test_links_in_raw_html_lead_from_a_version_where_its_author_meant(tmp_path: Path) -> None:
    link = "<a href='../other/'>x</a> <a title=\"href=y\" class=z href=../other/>x</a> <a href='#a'>x</a>"
    root = make_site(
        tmp_path,
        {
            "other": [Published("1.0", "2023-03-18", text(a="x"))],
            "terms": [Published("1.0", "2023-03-18", text(a=link))],
        },
    )
    mkdocs_build(load_config(str(root / "mkdocs.yml"), site_dir=str(root / "site")))
    article = html.fromstring((root / "site/terms/versions/1.0/index.html").read_text()).find(".//article")
    found = [a.get("href") for a in article.iter("a") if a.text == "x"]
    assert found == ["../../../other/", "../../../other/", "#a"]


def _configure(root: Path, settings: str) -> None:
    (root / "mkdocs.yml").write_text(CONFIG + settings)


def _level(message: str, caplog: pytest.LogCaptureFixture) -> str:
    return next(record.levelname for record in caplog.records if record.getMessage() == message)


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
