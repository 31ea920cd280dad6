"""A build that keeps what an earlier one made gives the same bytes as a clean one, whatever happened between."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config

from gazette.errors import UsageError
from gazette.policy.model import Change, Rescheduling, Section, Text, Withdrawal
from gazette.site.built import ASIDE, BuiltBatch, Manifest
from gazette.site.cache import FOLDER
from tests.making import Published, add_policy, commit, make_site, text

CONFIG = """\
site_name: Example Policies
site_url: https://policies.example.com/
docs_dir: content
theme: {name: material, font: false, custom_dir: overrides}
plugins: [gazette]
"""
# A theme of its own, which is rendered in no time; what is kept does not ask which theme it is.
PLAIN_CONFIG = CONFIG.replace("name: material, font: false", "name: null, locale: en, colour: indigo")
PLAIN_THEME = """\
<title>{{ page.title }}</title>{% block extrahead %}{% endblock %}{{ config.theme.colour }}
{% block content %}{{ page.content }}{% endblock %}
{% for item in page.toc %}<ul>{% for entry in item.children %}
<li><a href="{{ entry.url }}">{{ entry.title }}</a>{% if entry.children %}<ul>{% for inner in entry.children %}
<li><a href="{{ inner.url }}">{{ inner.title }}</a></li>{% endfor %}
</ul>{% endif %}</li>{% endfor %}
</ul>{% endfor %}
"""
DAY = "2026-11-23"
PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")

FIRST = text(
    introduction="We care. See [sharing](#sharing).\n\n### Our *basis*\n\nConsent.",
    sharing="With nobody. See [it][x].\n\n[x]: https://example.com/first",
    contact="Write to us.\n\n![Seal](assets/seal.gif)",
)
SECOND = Text((FIRST.sections[0], replace(FIRST.sections[1], body="With one processor."), FIRST.sections[2]))
THIRD = Text((*SECOND.sections, Section("transfers", "Transfers", "To no country.")))
SEAL = {"assets/seal.gif": PIXEL}
PRIVACY = [
    Published("1.0", "2023-03-18", FIRST, change=Change.INITIAL, images=SEAL),
    Published("2.0", "2024-07-03", SECOND, "2024-06-03", Change.MATERIAL, "A processor.", SEAL),
    Published("3.0", "2026-12-01", THIRD, "2026-11-01", Change.MATERIAL, "A section on *transfers*.", SEAL),
]
TERMS = [
    Published("1.0", "2023-03-18", text(payment="In advance."), change=Change.INITIAL),
    Published("2.0", "2025-06-01", text(payment="At the end.")),
]


@pytest.fixture
def plain_root(tmp_path: Path) -> Path:
    """The same site with a theme that costs next to nothing."""
    overrides = tmp_path / "site" / "overrides"
    overrides.mkdir(parents=True)
    (overrides / "main.html").write_text(PLAIN_THEME)
    return make_site(tmp_path / "site", {"privacy-policy": PRIVACY, "terms": TERMS}, config=PLAIN_CONFIG)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "site" / "overrides").mkdir(parents=True)
    return make_site(tmp_path / "site", {"privacy-policy": PRIVACY, "terms": TERMS}, config=CONFIG)


def build(root: Path, day: str = DAY) -> dict[str, bytes]:
    """Every file of a build in this process, as if it were a new one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAZETTE_DAY", day)
        patch.setenv("NO_MKDOCS_2_WARNING", "1")
        mkdocs_build(load_config(str(root / "mkdocs.yml"), site_dir=str(root / "built")))
    return read(root / "built")


def read(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def clean(root: Path, day: str = DAY) -> dict[str, bytes]:
    """The same site built elsewhere, where no build ever was."""
    elsewhere = root.with_name("elsewhere")
    shutil.rmtree(elsewhere, ignore_errors=True)
    shutil.copytree(root, elsewhere, ignore=shutil.ignore_patterns("built", FOLDER))
    return build(elsewhere, day)


def assert_same(found: dict[str, bytes], expected: dict[str, bytes], after: str = "") -> None:
    assert found.keys() == expected.keys(), after
    assert [path for path in expected if found[path] != expected[path]] == [], after


def record(root: Path, policy: str, label: str) -> Path:
    return root / "content" / policy / "versions" / f"{label}.md"


def republish(root: Path, policy: str, versions: list[Published], **options: str) -> None:
    shutil.rmtree(root / "content" / policy, ignore_errors=True)
    add_policy(root, policy, versions, **options)


def configure(root: Path, old: str, new: str) -> None:
    path = root / "mkdocs.yml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def override(root: Path, name: str, template: str) -> None:
    path = root / "overrides" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(template)


def hook(root: Path, *paths: str) -> None:
    """A hook of the site's own that takes files out of it."""
    if not (root / "hook.py").exists():
        configure(root, "plugins:", "hooks: [hook.py]\nplugins:")
    code = f"def on_files(files, config):\n    for path in {paths!r}:\n        files.remove(files.src_uris[path])\n"
    (root / "hook.py").write_text(code)


def link(path: Path, to: Path) -> None:
    to.write_text("not to be touched")
    path.unlink()
    path.symlink_to(to)


def append(path: Path, words: str) -> None:
    path.write_text(path.read_text() + words)


NEWER = Published("4.0", "2026-11-20", SECOND, change=Change.EDITORIAL, images=SEAL)
LATER = Published("4.0", "2026-11-20", text(payment="At once."), change=Change.EDITORIAL)
MOVED = replace(
    PRIVACY[2], entries={"rescheduled": (Rescheduling(date(2026, 11, 10), date(2027, 2, 1), "More time."),)}
)
TAKEN = replace(PRIVACY[2], entries={"withdrawn": Withdrawal(date(2026, 11, 10), "We listened.")})
OTHER_SEAL = {"assets/seal.gif": PIXEL[:-1] + b"\x3c"}
PARTIAL = "{{% extends 'gazette/version.html' %}}{{% block text %}}{{{{ super() }}}}{}{{% endblock %}}"

EDITS: list[tuple[str, Callable[[Path], object]]] = [
    ("nothing", lambda root: None),
    ("a version added", lambda root: republish(root, "privacy-policy", [*PRIVACY, NEWER])),
    ("and taken out again", lambda root: republish(root, "privacy-policy", PRIVACY)),
    ("an announced one put off", lambda root: republish(root, "privacy-policy", [*PRIVACY[:2], MOVED])),
    ("withdrawn", lambda root: republish(root, "privacy-policy", [*PRIVACY[:2], TAKEN])),
    ("an image", lambda root: republish(root, "privacy-policy", [replace(p, images=OTHER_SEAL) for p in PRIVACY])),
    ("a summary", lambda root: append(record(root, "terms", "2.0"), "\nAnd more.\n")),
    ("a policy's title", lambda root: republish(root, "terms", TERMS, title="Conditions")),
    ("a policy's language", lambda root: republish(root, "terms", TERMS, language="de")),
    ("one policy more", lambda root: republish(root, "cookies", TERMS)),
    ("and gone again", lambda root: shutil.rmtree(root / "content" / "cookies")),
    ("a page of one's own", lambda root: (root / "content" / "about.md").write_text("# About\n")),
    ("the theme's settings", lambda root: configure(root, "indigo", "teal")),
    ("the site's address", lambda root: configure(root, "policies.example.com", "example.com/policies")),
    ("an extension", lambda root: configure(root, "plugins:", "markdown_extensions: [smarty]\nplugins:")),
    ("a template", lambda root: override(root, "gazette/section.html", "<div>{{ section.body }}</div>")),
    ("what it includes", lambda root: override(root, "gazette/section.html", "{% include 'own/part.html' %}x")),
    ("a picture in it", lambda root: override(root, "own/part.html", "{% include '.icons/seal.svg' %}")),
    ("another picture", lambda root: override(root, ".icons/seal.svg", "<svg><circle r='2'/></svg>")),
    (
        "the frame",
        lambda root: override(root, "main.html", PLAIN_THEME + "<footer>F</footer>"),
    ),
    ("a page touched", lambda root: append(root / "built/terms/versions/1.0/index.html", "<p>Not ours.</p>")),
    ("a page gone", lambda root: (root / "built/terms/versions/1.0/index.html").unlink()),
    ("a page that became a link", lambda root: link(root / "built/terms/versions/1.0/index.html", root / "own.html")),
    ("a feed gone", lambda root: (root / "built/feed.xml").unlink()),
    ("a hook that takes files out", lambda root: hook(root, "terms/versions/1.0/index.html", "terms/feed.xml")),
    ("and another that takes out others", lambda root: hook(root, "terms/feed.json")),
    ("and none", lambda root: hook(root)),
    ("a stray file", lambda root: (root / "built/terms/versions/1.0/stray.html").write_text("stray")),
    ("an image gone", lambda root: (root / "built/privacy-policy/versions/1.0/assets/seal.gif").unlink()),
    ("the whole site gone", lambda root: shutil.rmtree(root / "built")),
    ("the cache gone", lambda root: shutil.rmtree(root / FOLDER)),
]


def test_after_every_edit_the_site_is_that_of_a_clean_build(plain_root: Path) -> None:
    override(plain_root, "own/part.html", "<p>{{ section.title }}</p>")
    override(plain_root, ".icons/seal.svg", "<svg><circle r='1'/></svg>")
    build(plain_root)
    for name, edit in EDITS:
        edit(plain_root)
        assert_same(build(plain_root), clean(plain_root), name)
    assert (plain_root / "own.html").read_text() == "not to be touched"


def test_with_an_installed_theme_the_site_is_that_of_a_clean_build(root: Path) -> None:
    build(root)
    republish(root, "privacy-policy", [*PRIVACY, NEWER])
    configure(root, "font: false", "font: false, palette: {primary: teal}")
    assert_same(build(root), clean(root), "a version, the theme's settings")
    override(root, "main.html", "{% extends 'base.html' %}{% block footer %}F{% endblock %}")
    assert_same(build(root), clean(root), "the frame")


def test_on_another_day_the_site_is_that_of_a_clean_build(plain_root: Path) -> None:
    root = plain_root
    for day in ("2023-03-18", "2024-06-20", "2024-07-03", "2026-11-01", "2026-11-30", "2026-12-01", "2024-06-20"):
        assert_same(build(root, day), clean(root, day))


def test_a_build_ends_what_it_started(plain_root: Path) -> None:
    before = children()
    build(plain_root)
    assert children() <= before


def children() -> set[str]:
    """The processes that this one started and that did not end."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        if fields[1] == str(os.getpid()):
            found.add(path.parent.name)
    return found


def test_what_did_not_change_is_not_written_again(root: Path) -> None:
    build(root)
    pages = [*root.glob("built/*/versions/*/*"), *root.glob("built/*/changes/*/*"), *root.glob("built/*/*.json")]
    before = {page: page.stat().st_mtime_ns for page in pages if page.is_file()}
    assert len(before) > 15
    republish(root, "terms", [*TERMS, LATER])
    build(root)
    again = {page.relative_to(root / "built").as_posix() for page in before if page.stat().st_mtime_ns != before[page]}
    # 2.0 was in force and has a successor now; what lists versions lists one more.
    names = {"versions/2.0/index.html", "changes/2.0/index.html", "versions.json", "feed.json"}
    assert again == {f"terms/{name}" for name in names}
    assert not (root / "built" / ASIDE).exists()


def test_a_cache_that_is_damaged_of_another_version_or_read_only_is_said_once_and_made_again(
    root: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def warnings() -> list[str]:
        found = [r.getMessage() for r in caplog.records if FOLDER in r.getMessage()]
        caplog.clear()
        return found

    caplog.set_level("INFO")
    expected = build(root)
    assert warnings() == []
    packs = list((root / FOLDER).glob("*.pack"))
    for damage in (lambda data: data[:-7], lambda data: data[:200] + b"?" + data[201:], lambda data: b""):
        for pack in packs:
            pack.write_bytes(damage(pack.read_bytes()))
        shutil.rmtree(root / "built")
        assert_same(build(root), expected)
        assert len(warnings()) == 1
    for damage in (lambda data: data[:100], lambda data: data.replace(b"/1.0/", b"/1.1/"), lambda data: b""):
        manifests = list((root / FOLDER / "built").rglob("*.manifest"))
        assert manifests
        for manifest in manifests:
            manifest.write_bytes(damage(manifest.read_bytes()))
        assert_same(build(root), expected)
        assert len(warnings()) == 1
    # No one can take from the superuser the right to write; a folder's place taken by a file does it to everyone.
    shutil.rmtree(root / FOLDER)
    (root / FOLDER).write_text("")
    for _ in range(2):
        assert_same(build(root), expected)
        assert 1 <= len(warnings()) <= 2  # that it cannot be read, that it cannot be written


def test_an_extension_that_nobody_vouches_for_keeps_nothing_and_is_named(
    root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    configure(root, "plugins:", "markdown_extensions: [toc, wikilinks]\nplugins:")
    caplog.set_level("INFO")
    build(root)
    assert not (root / FOLDER).exists()
    assert [r.getMessage() for r in caplog.records if "wikilinks" in r.getMessage()]


def test_the_extensions_that_the_theme_recommends_are_kept(plain_root: Path) -> None:
    extensions = """\
markdown_extensions:
  - pymdownx.superfences:
      custom_fences:
        - name: mermaid
          class: mermaid
          format: !!python/name:pymdownx.superfences.fence_code_format
  - pymdownx.emoji:
      emoji_index: !!python/name:material.extensions.emoji.twemoji
      emoji_generator: !!python/name:material.extensions.emoji.to_svg
"""
    configure(plain_root, "plugins:", f"{extensions}plugins:")
    build(plain_root)
    assert list((plain_root / FOLDER).glob("*.pack"))
    assert_same(build(plain_root), clean(plain_root))


def test_an_anchor_of_a_note_is_the_same_in_every_build(plain_root: Path) -> None:
    configure(plain_root, "plugins:", "markdown_extensions: [footnotes: {UNIQUE_IDS: true}]\nplugins:")
    noted = text(payment="In advance.[^a]\n\n[^a]: Or later.")
    republish(plain_root, "terms", [replace(TERMS[0], text=noted), replace(TERMS[1], text=noted)])
    first = build(plain_root)
    assert b'id="fn:a"' in first["terms/index.html"]
    republish(plain_root, "cookies", [replace(TERMS[0], text=noted)])
    assert_same(build(plain_root), clean(plain_root))


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "terms").write_text("no folder")
    with pytest.raises(
        UsageError, match=r"terms/index\.html cannot be written: Not a directory; see that there is room"
    ):
        BuiltBatch(f"{tmp_path}/", set(), Manifest()).write("terms/index.html", b"words")


def killed(root: Path, times: int) -> None:
    """Builds that end by SIGKILL, each at another moment, then one that may end; it must be that of a clean build."""
    moments = random.Random(7)
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", "built"]
    environment = os.environ | {"GAZETTE_DAY": DAY, "NO_MKDOCS_2_WARNING": "1"}
    expected = clean(root)
    for turn in range(times):
        versions = TERMS if turn % 2 else [*TERMS, LATER]
        republish(root, "terms", versions)
        process = subprocess.Popen(command, cwd=root, env=environment)
        try:
            process.wait(moments.uniform(0.35, 1.6))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
    republish(root, "terms", TERMS)
    assert_same(build(root), expected)
    commit(root)


def test_after_builds_that_were_killed_the_site_is_that_of_a_clean_build(root: Path) -> None:
    killed(root, 4)


@pytest.mark.long
def test_after_many_builds_that_were_killed_the_site_is_that_of_a_clean_build(root: Path) -> None:
    for _ in range(12):
        killed(root, 8)
