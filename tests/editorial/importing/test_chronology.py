from __future__ import annotations

from datetime import date

from gazette.editorial.importing.chronology import Source, day_of, in_order, natural
from gazette.editorial.importing.document import Document


def entry(name: str, day: str, committed: bool = False) -> tuple[Source, Document, date]:
    when = date.fromisoformat(day)
    source = Source(name, name, b"", committed=when if committed else None)
    return source, Document(name, "", ()), when


def test_files_are_ordered_by_date_and_then_as_people_count() -> None:
    days = "2020-01-02"
    dated, warnings = in_order([entry("10_b.md", days), entry("9_a.md", days), entry("1_c.md", "2020-01-01")])
    assert [(d.source.name, d.label, d.sequence) for d in dated] == [
        ("1_c.md", "2020-01-01", 1),
        ("9_a.md", "2020-01-02", 1),
        ("10_b.md", "2020-01-02.2", 2),
    ]
    assert "1 version was published on a day that already had one" in str(warnings[0])


def test_a_date_that_goes_back_is_reported() -> None:
    dated, warnings = in_order([entry("1_a.md", "2020-01-02"), entry("2_b.md", "2020-01-01")])
    assert [d.label for d in dated] == ["2020-01-01", "2020-01-02"]
    assert "2_b.md: is dated 2020-01-01, before 1_a.md (2020-01-02)" in str(warnings[0])


def test_commits_stay_in_their_order() -> None:
    dated, warnings = in_order([entry("a", "2020-01-02", True), entry("b", "2020-01-01", True)])
    assert [(d.source.name, d.label) for d in dated] == [("a", "2020-01-02"), ("b", "2020-01-02.2")]
    assert "it was given that one's date" in str(warnings[0])


def test_what_the_user_says_goes_before_what_the_file_says() -> None:
    said, written, committed = date(2020, 1, 1), date(2021, 1, 1), date(2022, 1, 1)
    document = Document("2023-01-01.md", "", (), published=written)
    assert day_of(Source("p", "2023-01-01.md", b"", said, committed), document) == said
    assert day_of(Source("p", "2023-01-01.md", b"", None, committed), document) == written
    plain = Document("2023-01-01.md", "", ())
    assert day_of(Source("p", "2023-01-01.md", b"", None, committed), plain) == committed
    assert day_of(Source("p", "2023-01-01.md", b""), plain) == date(2023, 1, 1)
    assert day_of(Source("p", "policy.md", b""), plain) is None


def test_names_are_ordered_as_people_count() -> None:
    assert sorted(["10", "9", "a2", "a10", "2_x"], key=natural) == ["2_x", "9", "10", "a2", "a10"]
