"""`gazette redline` as it is typed, on a site in a real repository and on files anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gazette.cli import main
from gazette.policy.files import section_file
from gazette.policy.model import Section
from tests.making import CONFIG, Published, make_site, text

FIRST = text(intro="Hello.", cookies="We set three cookies.", contact="Write to privacy@example.com.")
SECOND = text(intro="Hello.", cookies="We set four cookies.", contact="Write to privacy@example.com.")
THIRD = text(intro="Hello.", cookies="We set four cookies.", contact="Call us.")
VERSIONS = (
    Published("2023-03-18", "2023-04-01", FIRST, published="2023-03-18"),
    Published("2024-01-10", "2024-02-01", SECOND, published="2024-01-10"),
    Published("2025-05-05", "2025-09-01", THIRD, published="2025-05-05"),
)
NOTE = "markdown_extensions: [admonition]\n"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose working text is the last version's. Tests that write make a draft of their own."""
    return make_site(tmp_path_factory.mktemp("site") / "site", {"terms": VERSIONS}, config=CONFIG + NOTE)


@pytest.fixture
def draft(published: Path) -> object:
    """The same site with an edited section, which is put back afterwards."""
    [file] = (published / "content" / "terms" / "text").glob("*cookies.md")
    before = file.read_bytes()
    file.write_bytes(section_file(Section("cookies", "Cookies", "!!! note\n    We set *five* cookies.")))
    yield published
    file.write_bytes(before)


def run(site: Path, *arguments: str, day: str = "2025-06-01") -> Result:
    command = ["-f", str(site / "mkdocs.yml"), "redline", *arguments]
    return CliRunner(env={"GAZETTE_DAY": day, "COLUMNS": "80"}).invoke(main, command)


def first_line(site: Path, *arguments: str, day: str = "2025-06-01") -> str:
    result = run(site, *arguments, day=day)
    assert result.exit_code == 0, result.output
    return result.output.splitlines()[0]


def test_the_draft_is_compared_with_the_version_published_last(draft: Path) -> None:
    assert first_line(draft, "terms") == "Terms: 2025-05-05 → draft"


def test_the_draft_is_rendered_with_the_extensions_of_the_site(draft: Path) -> None:
    told = run(draft, "terms").output
    assert "[-four-]" in told
    assert "{+five+}" in told
    assert "!!!" not in told


def test_without_a_draft_the_last_version_is_compared_with_the_one_before_it(published: Path) -> None:
    assert first_line(published, "terms") == "Terms: 2024-01-10 → 2025-05-05"


def test_one_label_is_where_the_redline_starts(published: Path) -> None:
    assert first_line(published, "terms", "2023-03-18") == "Terms: 2023-03-18 → draft"


def test_two_labels_are_compared(published: Path) -> None:
    told = run(published, "terms", "2023-03-18", "2024-01-10").output
    assert told.startswith("Terms: 2023-03-18 → 2024-01-10\n1 section changed; 1 word added, 1 removed\n")
    assert "We set [-three-]{+four+} cookies." in told


@pytest.mark.parametrize(
    ("since", "day", "expected"),
    [
        ("2023-05-01", "2025-06-01", "Terms: 2023-03-18 → 2024-01-10"),
        ("2023-05-01", "2025-10-01", "Terms: 2023-03-18 → 2025-05-05"),
        ("2024-01-31", "2025-10-01", "Terms: 2023-03-18 → 2025-05-05"),
        ("2024-02-01", "2025-10-01", "Terms: 2024-01-10 → 2025-05-05"),
    ],
)
def test_since_i_agreed(published: Path, since: str, day: str, expected: str) -> None:
    assert first_line(published, "terms", "--since", since, day=day) == expected


def test_since_i_agreed_until_the_draft(draft: Path) -> None:
    assert first_line(draft, "terms", "draft", "--since", "2023-05-01") == "Terms: 2023-03-18 → draft"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["trems"], "there is no policy 'trems'; did you mean 'terms'?"),
        (["terms", "2024-01-11"], "'terms' has no version '2024-01-11'; did you mean '2024-01-10'?"),
        (["terms", "2024-01-10", "darft"], "did you mean 'draft'?"),
        (["terms", "--since", "2020-01-01"], "the first version took effect on 2023-04-01"),
        (["terms", "--since", "2099-01-01"], "2099-01-01 is yet to come: today is 2025-06-01"),
        (["terms", "--since", "2024-13-45"], "'2024-13-45' is no date"),
        (["terms", "-o", "x.pdf"], "nothing is written as '.pdf'; end the name in .html, .htm, .md, .json, .txt"),
        (["terms", "--standalone", "-o", "x.docx"], "nothing is written as '.docx'"),
        (["terms", "2023-03-18", "draft", "--since", "2024-02-01"], "leave out FROM"),
        (["old.md"], "'old.md' is a file, and files are compared in twos"),
        (["terms", "new.md"], "'new.md' is a file, and files are compared in twos"),
        (["terms", "--standalone", "--format", "json"], "--standalone makes an HTML page, and the format is json"),
        (["missing.md", "gone.md"], "missing.md: cannot be read"),
    ],
)
def test_wrong_use_is_explained_and_ends_with_2(published: Path, arguments: list[str], said: str) -> None:
    result = run(published, *arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


def test_a_section_that_cannot_be_read_is_no_removed_section(draft: Path) -> None:
    [file] = (draft / "content" / "terms" / "text").glob("*cookies.md")
    file.write_text("no front matter\n")
    result = run(draft, "terms")
    assert result.exit_code == 1
    assert "content/terms/text/02-cookies.md:1: " in result.output


def test_a_first_draft_is_compared_with_nothing(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site", {"terms": ()})
    told = run(site, "terms").output
    assert told.startswith("Terms: nothing → draft\n1 section added;")


def test_json_and_fragments_go_to_standard_output(published: Path) -> None:
    pair = ("terms", "2023-03-18", "2024-01-10")
    assert json.loads(run(published, *pair, "--format", "json").output)["counts"]["added"] == 1
    assert run(published, *pair, "--format", "html").output.startswith('<h2 id="intro">Intro</h2>\n<p>Hello.</p>')
    assert run(published, *pair, "--format", "side-by-side").output.startswith('<div class="redline-sides">')
    assert "<del>three</del>" in run(published, *pair, "--format", "markdown").output
    assert run(published, *pair, "--format", "html", "--standalone").output.startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("name", "begins"),
    [("out.html", "<!DOCTYPE html>"), ("out.md", "<h3>Terms"), ("out.json", "{"), ("out.txt", "Terms: ")],
)
def test_the_name_of_the_output_says_its_form(published: Path, tmp_path: Path, name: str, begins: str) -> None:
    result = run(published, "terms", "-o", str(tmp_path / name))
    assert (result.exit_code, result.output) == (0, "")
    assert (tmp_path / name).read_text("utf-8").startswith(begins)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("name", "options", "begins"),
    [
        ("out", [], "Terms: "),
        ("out", ["--standalone"], "<!DOCTYPE html>"),
        ("out.diff", ["--format", "terminal"], "Terms: "),
    ],
)
def test_a_name_that_says_nothing_leaves_the_form_to_the_options(
    published: Path, tmp_path: Path, name: str, options: list[str], begins: str
) -> None:
    assert run(published, "terms", "-o", str(tmp_path / name), *options).exit_code == 0
    assert (tmp_path / name).read_text("utf-8").startswith(begins)


def test_a_page_names_both_versions_and_runs_in_the_language_of_the_policy(published: Path) -> None:
    told = run(published, "terms", "2023-03-18", "2024-01-10", "--format", "side-by-side", "--standalone").output
    assert '<html lang="en" dir="ltr">' in told
    assert "<div>2023-03-18</div><div>2024-01-10</div>" in told


def test_output_that_cannot_be_written_is_wrong_use(published: Path, tmp_path: Path) -> None:
    result = run(published, "terms", "-o", str(tmp_path / "no" / "such" / "folder.html"))
    assert result.exit_code == 2
    assert "cannot be written" in result.output


def test_two_files_are_compared_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("old.md").write_text("---\ntitle: Terms\n---\n## Fees\n\nThey are 10 euros.\n")
    Path("new.md").write_text("## Fees\n\nThey are 12 euros.\n")
    result = CliRunner().invoke(main, ["redline", "old.md", "new.md"])
    assert result.exit_code == 0, result.output
    assert result.output.startswith("Redline: old.md → new.md\n1 section changed; 1 word added, 1 removed\n")
    assert "They are [-10-]{+12+} euros." in result.output


def test_plain_text_and_html_are_read_as_an_import_reads_them(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text("TERMS OF USE\n\nFEES\n\nThey are\n10 euros.\n\nLAW\n\nThat of the land.\n")
    (tmp_path / "new.html").write_text(
        "<html><body><main><h1>Terms of use</h1><h2>Fees</h2><p>They are 12 euros.</p>"
        "<h2>Law</h2><p>That of the land.</p></main></body></html>"
    )
    result = CliRunner().invoke(main, ["redline", str(tmp_path / "old.txt"), str(tmp_path / "new.html")])
    assert result.exit_code == 0, result.output
    assert "They are [-10-]{+12+} euros." in result.output


def test_a_file_that_is_no_text_is_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "old.md").write_bytes(b"\x89PNG\x00\x01\x02\x03" * 40)
    (tmp_path / "new.md").write_text("words")
    result = CliRunner().invoke(main, ["redline", str(tmp_path / "old.md"), str(tmp_path / "new.md")])
    assert result.exit_code == 2
    assert "is no text" in result.output


def test_the_width_is_kept(published: Path) -> None:
    told = run(published, "terms", "2023-03-18", "2025-05-05", "--width", "30").output
    assert max(map(len, told.splitlines())) <= 30


def test_help_has_an_example(published: Path) -> None:
    told = run(published, "--help").output
    assert "gazette redline privacy-policy --since 2023-05-01" in told
