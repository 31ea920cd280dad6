"""Lists as people have them: columns by any name, wrong rows apart, any length."""

from __future__ import annotations

import io
import sqlite3
from pathlib import Path

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from gazette.errors import UsageError
from gazette.notice.model import BadRow, Recipient
from gazette.notice.outbox.source import from_database
from gazette.notice.recipients import from_csv, normalised


def read(text: str) -> list[Recipient | BadRow]:
    return list(from_csv(io.StringIO(text, newline=""), lambda wanted: wanted or "en", "list.csv"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("address\na@example.com\n", [Recipient("a@example.com", "", "en", {})]),
        ("\ufeffEmail,Name,LANG\nA@Example.COM,Ana,de\n", [Recipient("A@example.com", "Ana", "de", {})]),
        ("name,e-mail,plan\r\nAna,a@example.com,gold\r\n", [Recipient("a@example.com", "Ana", "en", {"plan": "gold"})]),
        ('mail,name\na@example.com,"A\r\nBcc: b@x.org"\n', [Recipient("a@example.com", "A Bcc: b@x.org", "en", {})]),
        ("address\na@münchen.example\n", [Recipient("a@münchen.example", "", "en", {})]),
        ("address\na@xn--mnchen-3ya.example\n", [Recipient("a@münchen.example", "", "en", {})]),
        ("address\nδοκιμή@example.com\n", [Recipient("δοκιμή@example.com", "", "en", {})]),
        ("address,name\n\n , \na@example.com\n", [Recipient("a@example.com", "", "en", {})]),
        ("address\n", []),
    ],
)  # fmt: skip
def test_rows_become_recipients(text: str, expected: list[Recipient]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "bad",
    ["nobody", "a@b@example.com", "@example.com", "a@", "x" * 300 + "@example.com", "a b@example.com", "a@localhost"],
)
def test_a_bad_row_is_kept_apart_with_its_line(bad: str) -> None:
    found = read(f'address,name\na@example.com,A\n"{bad}",B\nc@example.com,C\n')
    assert [item.address for item in found if isinstance(item, Recipient)] == ["a@example.com", "c@example.com"]
    (row,) = [item for item in found if isinstance(item, BadRow)]
    assert row.line == 3
    assert row.why


def test_a_wrong_byte_spoils_only_its_row(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(b"address,name\na\xff@example.com,A\nb@example.com,B\xe9\n")
    with file.open(encoding="utf-8", errors="surrogateescape", newline="") as opened:
        found = list(from_csv(opened, lambda wanted: "en", "list.csv"))
    assert isinstance(found[0], BadRow)
    assert isinstance(found[1], Recipient)
    assert found[1].address == "b@example.com"
    str(found).encode()  # nothing that a database would refuse


def test_a_list_without_addresses_says_so() -> None:
    with pytest.raises(UsageError, match=r"list.csv has no column 'address'; its columns are who, what"):
        read("who,what\n1,2\n")


def test_a_list_is_never_held_whole() -> None:
    def lines() -> object:
        yield "address\n"
        for n in range(10**9):
            yield f"p{n}@example.com\n"

    stream = from_csv(lines(), lambda wanted: "en", "endless")  # type: ignore[arg-type]
    assert [item.address for _, item in zip(range(3), stream, strict=False) if isinstance(item, Recipient)] == [
        "p0@example.com",
        "p1@example.com",
        "p2@example.com",
    ]


def test_any_query_is_a_list(tmp_path: Path) -> None:
    path = tmp_path / "crm.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE person (mail TEXT, name TEXT, plan INTEGER)")
    connection.executemany("INSERT INTO person VALUES (?, ?, ?)", [("a@example.com", "A", 1), (None, "B", 2)])
    connection.commit()
    connection.close()
    query = "SELECT mail AS address, name, plan FROM person"
    found = list(from_database(f"sqlite:///{path}", query, lambda wanted: "en"))
    assert found[0] == Recipient("a@example.com", "A", "en", {"plan": "1"})
    assert isinstance(found[1], BadRow)


def test_a_query_that_fails_is_told_without_the_password() -> None:
    with pytest.raises(UsageError) as caught:
        list(from_database("postgresql+psycopg://me:hunter2@127.0.0.1:1/x", "SELECT 1", lambda wanted: "en"))
    assert "hunter2" not in str(caught.value)


LETTERS = st.text(alphabet='ab.+-_@ "éA0', max_size=70)
DOMAINS = LETTERS | st.sampled_from(["example.com", "EXAMPLE.com", "münchen.example", "localhost", "x.test", "a..b"])


@settings(deadline=None, max_examples=300)
@given(LETTERS, DOMAINS)
def test_the_short_way_says_what_the_long_way_says(local: str, domain: str) -> None:
    address = f"{local}@{domain}"
    try:
        expected: str | None = validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError:
        expected = None
    try:
        found: str | None = normalised(address)
    except EmailNotValidError:
        found = None
    assert found == expected
