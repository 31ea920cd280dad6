"""The plugin builds the site of DESIGN through MkDocs: which files, what they say, what never appears."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from urllib.request import urlopen

import pytest
from html5lib import HTMLParser
from lxml import etree, html
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from gazette.policy.model import Change, Rescheduling, Section, Text, Withdrawal
from tests.making import CONFIG, Published, add_policy, commit, make_site, text

DAY = "2026-11-23"
PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")

FIRST = text(
    introduction="We care. See [sharing](#sharing) and the [terms](../terms/#payment).\n\n### Our *basis*\n\nConsent.",
    sharing="With nobody.",
    contact="Write to <privacy@example.com>.",
)
SECOND = Text((FIRST.sections[0], replace(FIRST.sections[1], body="With one processor."), FIRST.sections[2]))
THIRD = Text((*SECOND.sections, Section("transfers", "Transfers", "To no country.")))
PRIVACY = [
    Published("2023-03-18", "2023-03-18", FIRST, change=Change.INITIAL, summary="The first version."),
    Published(
        "2024-06-03", "2024-07-03", SECOND, "2024-06-03", Change.MATERIAL, "A processor. See [sharing](#sharing)."
    ),
    Published("3.0", "2026-12-01", THIRD, "2026-11-01", Change.MATERIAL, "A new section on *transfers*."),
    Published("4.0", "2027-06-01", FIRST, "2027-01-01", Change.MATERIAL, "An embargoed summary."),
]
TERMS = [
    Published("1.0", "2023-03-18", text(payment="In advance."), change=Change.INITIAL),
    Published(
        "2.0",
        "2025-09-01",
        text(payment="At the end."),
        "2025-06-01",
        Change.MATERIAL,
        "You pay at the end.",
        entries={"withdrawn": Withdrawal(date(2025, 7, 1), "We listened.")},
    ),
]


SECTIONS = {"privacy-policy": ["introduction", "sharing", "contact", "transfers"], "terms": ["payment"]}


def _of_section(name: str) -> tuple[str, str]:
    return f"{name}/index.html", f"{name}/wordings.json"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with two policies, an ordinary page, and things beside them that are nobody's business."""
    root = make_site(tmp_path_factory.mktemp("site"), {"privacy-policy": PRIVACY, "terms": TERMS})
    content = root / "content"
    (content / "about.md").write_text("# About\n\nSee [the policy](privacy-policy/index.md#sharing).\n")
    for stray in ("README.md", "notes.txt", "archive/1.0/01-old.md", "text/assets/working.png", "translations/x/a.md"):
        path = content / "terms" / stray
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("leak")
    (content / "privacy-policy" / "index.md").write_text("leak")
    return root


@pytest.fixture(scope="module")
def site(root: Path) -> Path:
    return build(root)


def build(root: Path, day: str = DAY, strict: bool = True, site: str = "site") -> Path:
    """`mkdocs build`, in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAZETTE_DAY", day)
        patch.setenv("NO_MKDOCS_2_WARNING", "1")
        config = load_config(str(root / "mkdocs.yml"), strict=strict, site_dir=str(root / site))
        config.plugins.on_startup(command="build", dirty=False)
        mkdocs_build(config)
    return root / site


def page(site: Path, address: str) -> html.HtmlElement:
    return html.document_fromstring((site / address / "index.html").read_text())


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def files(site: Path) -> set[str]:
    return {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}


# Which files there are


def test_the_site_holds_these_files_and_no_other(site: Path) -> None:
    expected = {"404.html", "about/index.html", "feed.json", "feed.xml", "index.html", "policies.json"}
    expected |= {"search/search_index.json", "sitemap.xml", "sitemap.xml.gz"}
    expected |= {f"assets/gazette/{name}" for name in ("gazette.css", "gazette.js")}
    expected |= {f"assets/gazette/{name}.schema.json" for name in ("policies", "versions")}
    for policy, labels in {"privacy-policy": ["2023-03-18", "2024-06-03", "3.0"], "terms": ["1.0", "2.0"]}.items():
        for name in ("feed.json", "feed.xml", "index.html", "sitemap.xml", "timemap.link", "versions.json"):
            expected.add(f"{policy}/{name}")
        expected |= {f"{policy}/{name}/index.html" for name in ("versions", "changes", "compare", "since", "sections")}
        expected.add(f"{policy}/compare/index.json")
        expected |= {f"{policy}/sections/{name}" for section in SECTIONS[policy] for name in _of_section(section)}
        expected |= {f"{policy}/versions/{label}/{name}" for label in labels for name in ("index.html", "text.md")}
        expected |= {f"{policy}/changes/{label}/index.html" for label in labels[1:]}
    theme = re.compile(r"assets/(images|javascripts|stylesheets)/")
    assert {file for file in files(site) if not theme.match(file)} == expected


def test_nothing_of_the_future_is_in_any_file(site: Path) -> None:
    for path in site.rglob("*"):
        if path.is_file():
            data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            assert b"4.0/" not in data, path
            assert b"embargoed" not in data, path


def test_two_builds_of_the_same_commit_and_day_are_the_same_bytes(root: Path, site: Path, tmp_path: Path) -> None:
    clone = tmp_path / "another" / "place"
    shutil.copytree(root, clone, ignore=shutil.ignore_patterns("site"))
    again = build(clone)
    assert files(again) == files(site)
    for file in files(site):
        assert (again / file).read_bytes() == (site / file).read_bytes(), file


def test_a_build_on_another_day_shows_what_was_true_then(root: Path) -> None:
    early = build(root, "2024-06-20", site="early")
    assert "In force since March 18, 2023" in words(page(early, "privacy-policy"))
    assert "This policy changes on July 3, 2024." in words(page(early, "privacy-policy"))
    assert "privacy-policy/versions/3.0/index.html" not in files(early)


# What search engines and readers find


def test_past_versions_and_redlines_are_in_no_index(site: Path) -> None:
    archived = [file for file in files(site) if re.fullmatch(r".*/(versions|changes|sections)/[^/]+/index.html", file)]
    archived += [f"{policy}/{name}/index.html" for policy in SECTIONS for name in ("sections", "compare", "since")]
    assert len(archived) == 8 + 5 + 6
    index = json.loads((site / "search/search_index.json").read_text())
    found = {urldefrag(entry["location"]).url for entry in index["docs"]}
    sitemap = (site / "sitemap.xml").read_text()
    navigation = html.tostring(page(site, "about").find_class("md-nav--primary")[0], encoding="unicode")
    for file in archived:
        address = file.removesuffix("index.html")
        assert 'content="noindex"' in (site / file).read_text()
        assert address not in found
        assert address not in sitemap
        assert address not in navigation
    assert "privacy-policy/" in found
    assert 'content="noindex"' not in (site / "privacy-policy/index.html").read_text()


def test_sections_in_force_are_found_by_their_anchors(site: Path) -> None:
    index = json.loads((site / "search/search_index.json").read_text())
    assert {"privacy-policy/#sharing", "privacy-policy/#introduction--our-basis"} <= {
        entry["location"] for entry in index["docs"]
    }


def test_the_sitemap_has_true_dates(site: Path) -> None:
    sitemap = etree.parse(str(site / "sitemap.xml"))
    dates = {url[0].text: url[1].text for url in sitemap.getroot()}
    assert dates["https://policies.example.com/privacy-policy/"] == "2026-11-01"
    assert dates["https://policies.example.com/terms/"] == "2025-07-01"
    assert dates["https://policies.example.com/about/"] == DAY
    of_policy = etree.parse(str(site / "terms/sitemap.xml"))
    assert {url[0].text: url[1].text for url in of_policy.getroot()} == {
        address: day for address, day in dates.items() if "/terms/" in address
    }


def test_navigation_has_one_entry_a_policy(site: Path) -> None:
    navigation = page(site, "about").find_class("md-nav--primary")[0]
    links = [(words(a), a.get("href")) for a in navigation.iter("a") if "md-nav__link" in a.get("class", "")]
    assert links == [
        ("All policies", ".."),
        ("About", "./"),
        ("Privacy policy", "../privacy-policy/"),
        ("Terms", "../terms/"),
    ]


# What pages say


def test_the_digest_on_a_page_is_that_of_the_text_beside_it(site: Path) -> None:
    for file in files(site):
        if file.endswith("/text.md"):
            digest = "sha256:" + hashlib.sha256((site / file).read_bytes()).hexdigest()
            document = page(site, file.removesuffix("/text.md"))
            assert document.xpath("string(//meta[@name='gazette-digest']/@content)") == digest


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("privacy-policy", "In force since July 3, 2024"),
        ("privacy-policy", "This policy changes on December 1, 2026."),
        ("privacy-policy/versions/2023-03-18", "This version is no longer in force."),
        ("privacy-policy/versions/2023-03-18", "Applied from March 18, 2023 until July 2, 2024."),
        ("privacy-policy/versions/2024-06-03", "This version is in force since July 3, 2024."),
        ("privacy-policy/versions/2024-06-03", "The next version applies from December 1, 2026."),
        ("privacy-policy/versions/3.0", "This version was announced on November 1, 2026."),
        ("privacy-policy/versions/3.0", "It applies from December 1, 2026."),
        ("terms/versions/2.0", "This version was withdrawn. It never applied."),
        ("terms/versions/2.0", "On July 1, 2025 it was withdrawn. We listened."),
        ("terms", "In force since March 18, 2023"),
        ("privacy-policy/versions", "Applied from March 18, 2023 until July 2, 2024."),
        ("privacy-policy/changes", "A new section on transfers."),
        ("", "Version 3.0 applies from December 1, 2026"),
    ],
)
def test_a_page_says_what_applies(site: Path, address: str, says: str) -> None:
    assert says in words(page(site, address).find("body"))


def test_every_section_that_ever_was_is_listed_with_its_wordings(site: Path) -> None:
    listed = page(site, "privacy-policy/sections").find_class("gz-sections")[0]
    headings = [words(heading) for heading in listed.iter("h2")]
    assert headings == ["In the version in force", "In an announced version only"]
    items = [words(item) for item in listed.xpath(".//li[span]")]
    assert items[0] == "Introduction 1 wording, published on March 18, 2023"
    for link, item in zip(listed.xpath(".//li[span]/a"), items, strict=True):
        history = page(site, urljoin("/privacy-policy/sections/", link.get("href")).strip("/"))
        assert item.startswith(words(link))
        assert "All sections" in words(history)
    assert "All sections, each with its history" in words(page(site, "privacy-policy/versions"))


def test_a_version_that_does_not_apply_leads_to_what_does(site: Path) -> None:
    for address in ("privacy-policy/versions/2023-03-18", "privacy-policy/versions/3.0", "terms/versions/2.0"):
        (button,) = page(site, address).find_class("gz-button")
        assert urljoin(f"/{address}/", button.get("href")) == f"/{address.split('/')[0]}/"


@pytest.mark.parametrize(
    ("address", "relations"),
    [
        (
            "privacy-policy/",
            {
                "latest-version": "privacy-policy/",
                "predecessor-version": "privacy-policy/versions/2023-03-18/",
                "successor-version": "privacy-policy/versions/3.0/",
                "version-history": "privacy-policy/versions/",
                "timemap": "privacy-policy/timemap.link",
            },
        ),
        (
            "privacy-policy/versions/2023-03-18/",
            {
                "original": "privacy-policy/",
                "latest-version": "privacy-policy/",
                "successor-version": "privacy-policy/versions/2024-06-03/",
                "version-history": "privacy-policy/versions/",
                "timemap": "privacy-policy/timemap.link",
            },
        ),
    ],
)
def test_link_relations_lead_through_the_versions(site: Path, address: str, relations: dict[str, str]) -> None:
    head = page(site, address).find("head")
    found = {link.get("rel"): urljoin(f"/{address}", link.get("href")).lstrip("/") for link in head.iter("link")}
    assert {relation: found.get(relation) for relation in relations} == relations


def test_headings_have_permanent_anchors(site: Path) -> None:
    for address in ("privacy-policy", "privacy-policy/versions/2023-03-18"):
        document = page(site, address)
        for anchor in ("introduction", "introduction--our-basis", "sharing"):
            (heading,) = document.xpath(f"//*[@id='{anchor}']")
            assert heading.xpath("string(a[@class='headerlink']/@href)") == f"#{anchor}"


def test_a_table_of_contents_lists_the_sections(site: Path) -> None:
    for address in ("privacy-policy", "privacy-policy/versions/2024-06-03"):
        (contents,) = page(site, address).xpath("//div[@data-md-type='toc']")
        links = [a.get("href") for a in contents.iter("a")]
        assert [link for link in links if "--" not in link] == ["#introduction", "#sharing", "#contact"]


def test_the_redline_shows_what_was_said_and_what_is_said(site: Path) -> None:
    redline = page(site, "privacy-policy/changes/2024-06-03")
    article = redline.find(".//article")
    assert "nobody" in " ".join(words(deleted) for deleted in article.iter("del"))
    assert "one processor" in " ".join(words(inserted) for inserted in article.iter("ins"))


def test_every_link_of_every_page_leads_somewhere(site: Path) -> None:
    anchors = {file: set(map(str, _document(site, file).xpath("//@id"))) for file in _pages(site)}
    broken = [(file, link) for file in anchors for link in _links(site, file) if not _leads(site, anchors, file, link)]
    assert broken == []


def _pages(site: Path) -> list[str]:
    return [file for file in files(site) if file.endswith("index.html")]


def _document(site: Path, file: str) -> html.HtmlElement:
    return html.document_fromstring((site / file).read_text())


def _links(site: Path, file: str) -> Iterator[str]:
    yield from map(str, _document(site, file).xpath("//@href | //@src"))


def _leads(site: Path, anchors: dict[str, set[str]], file: str, link: str) -> bool:
    host = "https://policies.example.com/"
    url, anchor = urldefrag(urljoin(host + file.removesuffix("index.html"), link))
    if not url.startswith(host):
        return urlsplit(link).scheme in ("http", "https", "mailto")
    path = unquote(urlsplit(url).path).lstrip("/")
    target = f"{path}index.html" if not path or path.endswith("/") else path
    if not (site / target).is_file():
        return False
    return not anchor or anchor.startswith("__") or unquote(anchor) in anchors.get(target, set())


def test_articles_are_valid_and_ids_are_their_only_bearers(site: Path) -> None:
    for file in files(site):
        if file.endswith("index.html"):
            shown = (site / file).read_text()
            parser = HTMLParser()
            parser.parseFragment(shown[shown.index("<article") : shown.rindex("</article>")].partition(">")[2])
            assert parser.errors == [], file
            ids = re.findall(r'\sid="([^"]+)"', shown)
            assert len(ids) == len(set(ids)), file


def test_no_page_asks_another_host_for_anything(site: Path) -> None:
    requests = "//script/@src | //img/@src | //iframe/@src | //link[@rel='stylesheet' or @rel='preconnect']/@href"
    for file in files(site):
        if file.endswith(".html"):
            for address in html.document_fromstring((site / file).read_text()).xpath(requests):
                assert not urlsplit(str(address)).netloc, (file, address)


# Odd sites


def test_policies_without_versions_and_with_one_read_right(tmp_path: Path) -> None:
    versions = {
        "none": [],
        "one": TERMS[:1],
        "announced": [replace(TERMS[0], effective="2027-01-01", published="2026-01-01")],
    }
    site = build(make_site(tmp_path, versions))
    assert "No version has been published yet." in words(page(site, "none"))
    assert "No version has been published yet." in words(page(site, "none/changes"))
    assert "No version is in force yet." in words(page(site, "announced"))
    assert "This policy applies from January 1, 2027." in words(page(site, "announced"))
    assert not (site / "one/changes/1.0").exists()
    assert "First version" in words(page(site, "one/versions/1.0"))


@pytest.mark.parametrize(
    "config", [CONFIG.replace("site_url: https://policies.example.com/\n", ""), CONFIG + "use_directory_urls: false\n"]
)
def test_links_lead_on_however_the_site_is_addressed(tmp_path: Path, config: str) -> None:
    site = build(make_site(tmp_path, {"privacy-policy": PRIVACY, "terms": TERMS}, config=config))
    anchors = {file: set(map(str, _document(site, file).xpath("//@id"))) for file in _pages(site)}
    broken = [(file, link) for file in anchors for link in _links(site, file) if not _leads(site, anchors, file, link)]
    assert broken == []


def test_a_site_without_policies_says_so(tmp_path: Path) -> None:
    assert "No policy has been published yet." in words(page(build(make_site(tmp_path, {})), ""))


def test_the_front_page_keeps_its_own_words(tmp_path: Path) -> None:
    front = "---\ntitle: Welcome\n---\n# Our policies\n\nIn *our* words.\n"
    document = page(build(make_site(tmp_path, {"terms": TERMS}, front=front)), "")
    assert [words(heading) for heading in document.iter("h1")] == ["Our policies"]
    assert "In our words." in words(document)
    assert "In force since March 18, 2023" in words(document)


def test_images_lie_beside_the_version_that_shows_them(tmp_path: Path) -> None:
    old = Published("1", "2024-01-01", text(logo="![A logo](assets/logo.gif)"), images={"assets/logo.gif": PIXEL})
    new = Published("2", "2025-01-01", text(logo="![A logo](assets/logo.gif) More."), images={"assets/logo.gif": PIXEL})
    site = build(make_site(tmp_path, {"brand": [old, new]}))
    for address in ("brand/", "brand/versions/1/", "brand/changes/2/"):
        sources = page(site, address).xpath("//article//img/@src")
        assert sources
        for source in sources:
            assert (site / urljoin(f"/{address}", str(source)).lstrip("/")).read_bytes() == PIXEL, address


def test_titles_are_never_markup(tmp_path: Path) -> None:
    root = make_site(tmp_path, {})
    title = "<script>alert(1)</script> & Co"
    section = Section("a", "What *we* do & <b>why</b>", "Words.")
    versions = [Published("1", "2024-01-01", Text((section,))), Published("2", "2025-01-01", Text((section,)))]
    add_policy(root, "odd", versions, title=title)
    commit(root)
    site = build(root)
    for file in files(site):
        if file.endswith((".html", ".xml")):
            assert "<script>alert" not in (site / file).read_text(), file
    assert page(site, "odd/versions/1").xpath("string(//title)").startswith(title)
    assert page(site, "odd").xpath("string(//h2[@id='a']/b)") == "why"


def test_dates_are_in_the_language_of_the_policy(tmp_path: Path) -> None:
    root = make_site(tmp_path, {})
    add_policy(root, "confidentialité", [Published("1", "2024-03-01", text(a="Mots."))], language="fr")
    commit(root)
    site = build(root)
    assert "1 mars 2024" in words(page(site, "confidentialité"))
    assert page(site, "confidentialité").xpath("string(//div[contains(@class, 'gz ')]/@lang)") == "fr"


def test_a_policy_that_was_put_off_says_so(tmp_path: Path) -> None:
    entry = Rescheduling(date(2026, 11, 10), date(2027, 2, 1), "More time for you.")
    put_off = replace(PRIVACY[2], entries={"rescheduled": (entry,)})
    site = build(make_site(tmp_path, {"privacy-policy": [*PRIVACY[:2], put_off], "terms": TERMS}))
    assert "It applies from February 1, 2027." in words(page(site, "privacy-policy/versions/3.0"))
    assert "More time for you." in words(page(site, "privacy-policy/changes"))


def test_a_version_that_applied_on_one_day_says_so(tmp_path: Path) -> None:
    later = [
        Published("1.1", "2023-03-19", text(payment="Later.")),
        Published("1.2", "2023-03-21", text(payment="Late.")),
    ]
    versions = words(page(build(make_site(tmp_path, {"terms": [TERMS[0], *later]})), "terms/versions"))
    assert "Applied on March 18, 2023, for one day." in versions
    assert "Applied from March 19, 2023 until March 20, 2023." in versions


# Themes and overrides


def test_archive_pages_filled_into_a_shell_are_what_the_theme_makes(root: Path, site: Path) -> None:
    from gazette.plugin.frames import Frames

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Frames, "fill", lambda self, page, body: self.render(page.frame, self.filling(page, body)))
        slow = build(root, site="slow")
    assert files(slow) == files(site)
    for file in files(site):
        assert (slow / file).read_bytes() == (site / file).read_bytes(), file


@pytest.mark.parametrize("theme", ["mkdocs", "readthedocs"])
def test_other_themes_hold_the_same_articles_and_that_they_take_longer_is_said_once(
    root: Path, site: Path, tmp_path: Path, theme: str, caplog: pytest.LogCaptureFixture
) -> None:
    clone = tmp_path / "clone"
    shutil.copytree(root, clone, ignore=shutil.ignore_patterns("site", "slow", "early"))
    config = CONFIG.replace("{name: material, font: false}", theme)
    (clone / "mkdocs.yml").write_text(config)
    with caplog.at_level("INFO", logger="mkdocs"):
        other = build(clone, strict=False)
    said = [record.getMessage() for record in caplog.records if "renders each archive page" in record.getMessage()]
    assert len(said) == (theme == "mkdocs")
    for file in files(site):
        if file.endswith("index.html") and not file.startswith(("about", "index")):
            ours = html.document_fromstring((site / file).read_text()).find_class("gz")[0]
            theirs = html.document_fromstring((other / file).read_text()).find_class("gz")[0]
            assert words(theirs) == words(ours), file


def test_a_theme_without_a_head_to_add_to_is_told_and_renders_each_page(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    root = make_site(tmp_path, {"terms": TERMS}, config=CONFIG.replace("font: false", "font: false, custom_dir: theme"))
    (root / "theme").mkdir()
    (root / "theme/main.html").write_text("<title>{{ page.title }}</title>{{ page.content }}")
    with caplog.at_level("INFO", logger="mkdocs"):
        site = build(root)
    assert "renders each archive page by itself" in caplog.text
    assert "This version was withdrawn." in (site / "terms/versions/2.0/index.html").read_text()


def test_plugins_that_would_miss_archive_pages_are_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    config = CONFIG.replace("plugins:", "hooks: [shout.py, quiet.py]\nplugins:")
    root = make_site(tmp_path, {"terms": TERMS}, config=config)
    (root / "shout.py").write_text("def on_page_content(html, **_): return html.replace('word', 'WORD')")
    (root / "quiet.py").write_text("def on_config(config): return config")
    with caplog.at_level("INFO", logger="mkdocs"):
        build(root, strict=True)
    [said] = [record.getMessage() for record in caplog.records if "not seen by" in record.getMessage()]
    assert said.endswith("not seen by: shout.py.")


def test_a_sites_own_templates_come_first(tmp_path: Path) -> None:
    root = make_site(tmp_path, {"terms": TERMS}, config=CONFIG.replace("font: false", "font: false, custom_dir: theme"))
    (root / "theme/gazette").mkdir(parents=True)
    (root / "theme/main.html").write_text(
        '{% extends "base.html" %}{% block announce %}For all pages{% endblock %}'
        '{% block extrahead %}<meta name="own">{% endblock %}'
    )
    (root / "theme/gazette/version.html").write_text("<p>Our version {{ page.standing.label }} {{ '<' }}</p>{{ text }}")
    (root / "theme/gazette/changes.html").write_text(
        '{% extends "original/gazette/changes.html" %}'
        "{% block heading %}<h1>Our changes {{ parts.kind_of_change(Change.MINOR) }}</h1>{% endblock %}"
    )
    site = build(root)
    changes = words(page(site, "terms/changes"))
    assert "Our changes Minor change" in changes
    assert "You pay at the end." in changes
    shown = (site / "terms/versions/1.0/index.html").read_text()
    assert "<p>Our version 1.0 &lt;</p>" in shown
    assert "For all pages" in shown
    assert '<meta name="own">' in shown
    assert 'name="gazette-digest"' in shown


def test_a_sites_own_navigation_is_kept(tmp_path: Path) -> None:
    config = CONFIG + "nav: [{Start: index.md}, {Legal: [{Terms of use: terms/index.md}]}]\n"
    site = build(make_site(tmp_path, {"terms": TERMS, "privacy": TERMS[:1]}, config=config))
    navigation = words(page(site, "terms").find_class("md-nav--primary")[0])
    assert "Legal" in navigation
    assert "Privacy" not in navigation
    assert (site / "privacy/index.html").exists()


def test_a_policy_may_lie_outside_of_the_documents(tmp_path: Path) -> None:
    config = CONFIG.replace("docs_dir: content", "docs_dir: docs").replace("gazette]", "{gazette: {content: content}}]")
    root = make_site(tmp_path, {"terms": TERMS}, config=config)
    (root / "docs").mkdir()
    (root / "docs/index.md").write_text("# Handbook\n")
    site = build(root)
    assert "In force since" in words(page(site, "terms"))
    assert "Handbook" in words(page(site, ""))


# What goes wrong


def test_what_is_wrong_is_said_in_words_with_its_place(tmp_path: Path) -> None:
    root = make_site(tmp_path, {"terms": TERMS})
    (root / "content/terms/policy.yml").write_text("title: Terms\nlanguage: en\ncontakt: x@example.com\n")
    (root / "content/terms/text/02-empty.md").write_text("---\ntitle: Empty\n---\n")
    run = _mkdocs(root, "build")
    assert run.returncode == 1
    assert "content/terms/policy.yml:3:" in run.stderr
    assert "contact" in run.stderr
    assert "content/terms/text/02-empty.md" in run.stderr
    assert "Traceback" not in run.stderr
    assert not (root / "site").exists()


def test_a_failed_build_leaves_the_last_good_site(tmp_path: Path) -> None:
    root = make_site(tmp_path, {"terms": TERMS})
    before = files(build(root))
    (root / "content/terms/versions/1.0.md").write_text("nothing of a record")
    with pytest.raises(Abort):
        build(root)
    assert files(root / "site") == before


def test_a_page_with_a_policys_address_is_an_error(tmp_path: Path) -> None:
    root = make_site(tmp_path, {"terms": TERMS})
    (root / "content/terms.md").write_text("# Other terms\n")
    run = _mkdocs(root, "build")
    assert run.returncode == 1
    assert " content/terms.md: has the address of Gazette's terms/index.html" in run.stderr


def test_a_missing_pin_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    root = make_site(tmp_path, {"terms": TERMS})
    before = files(build(root))
    record = root / "content/terms/versions/1.0.md"
    record.write_text(re.sub(r"(?m)^text: .*$", f"text: {'0' * 40}", record.read_text()))
    run = _mkdocs(root, "build")
    assert run.returncode == 1
    assert "content/terms/versions/1.0.md:" in run.stderr
    assert "gazette verify" in run.stderr
    assert "Traceback" not in run.stderr
    assert files(root / "site") == before


def test_a_warning_fails_only_a_strict_build(tmp_path: Path) -> None:
    root = make_site(tmp_path, {"terms": [replace(TERMS[0], summary="")]})
    build(root, strict=False)
    with pytest.raises(Abort, match="1 warning"):
        build(root)


@pytest.mark.parametrize(
    ("option", "complaint"),
    [
        ("contents: x", "contents"),
        ("day: soon", "'day' is no date"),
        ("timezone: Mars/Base", "Mars/Base"),
        ("content: nowhere", "nowhere"),
    ],
)
def test_a_wrong_option_is_named(tmp_path: Path, option: str, complaint: str) -> None:
    root = make_site(tmp_path, {}, config=CONFIG.replace("gazette]", f"{{gazette: {{{option}}}}}]"))
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("GAZETTE_DAY", raising=False)
        run = _mkdocs(root, "build", "--strict", day="")
    assert run.returncode == 1
    assert complaint in run.stderr
    assert "Traceback" not in run.stderr


def test_a_site_outside_of_git_is_told_so(tmp_path: Path) -> None:
    root = make_site(tmp_path, {"terms": TERMS})
    shutil.rmtree(root / ".git")
    run = _mkdocs(root, "build")
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert "git" in run.stderr


def test_serving_shows_an_edit_after_it_is_saved(tmp_path: Path) -> None:
    root = make_site(tmp_path, {"terms": TERMS})
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(root), "NO_MKDOCS_2_WARNING": "1", "GAZETTE_DAY": DAY}
    server = subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        address = f"http://127.0.0.1:{port}/terms/changes/"
        assert _until(address, "In plain words.", lambda: None) is False
        record = root / "content/terms/versions/1.0.md"
        edited = record.read_text().replace("What changed, in plain language.", "In plain words.")
        assert _until(address, "In plain words.", lambda: record.write_text(edited))
    finally:
        server.terminate()
        server.communicate()


def _until(address: str, words: str, act: Callable[[], object]) -> bool:
    """Whether the page comes to hold `words` once it is there and `act` was done."""
    acted_on = ""
    for _ in range(150):
        try:
            with urlopen(address, timeout=5) as answer:
                shown = answer.read().decode()
        except OSError:
            shown = ""
        if shown and not acted_on:
            acted_on = shown
            if act() is None:
                return words in shown
        if words in shown:
            return True
        time.sleep(0.1)
    return False


def _mkdocs(root: Path, *arguments: str, day: str = DAY) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(root), "NO_MKDOCS_2_WARNING": "1"}
    environment |= {"GAZETTE_DAY": day} if day else {}
    command = [sys.executable, "-m", "mkdocs", *arguments]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
