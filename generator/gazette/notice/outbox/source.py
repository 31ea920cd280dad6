"""Recipients from a database: any that SQLAlchemy speaks to, by one query, streamed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import create_engine, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from gazette.errors import UsageError
from gazette.notice.model import BadRow, Recipient
from gazette.notice.options import shown
from gazette.notice.recipients import read_recipients

STREAM = 2000


def from_database(url: str, query: str, choose: Callable[[str], str]) -> Iterator[Recipient | BadRow]:
    """Recipients from the rows of `query` (columns as in a CSV file); rows count from 1."""
    source = f"the query on {shown(url)}"
    if not query.strip():
        raise UsageError("no query for the recipients", "set 'recipients_query' under 'notices:'")
    try:
        engine = create_engine(url)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise UsageError("GAZETTE_RECIPIENTS_URL names no database that is known here", "correct it") from error
    try:
        with engine.connect().execution_options(yield_per=STREAM) as connection:
            result = connection.execute(text(query))
            rows = ((number, row) for number, row in enumerate(result.mappings(), 1))
            columns = list(result.keys())
            yield from read_recipients(columns, ((n, dict(row)) for n, row in rows), choose, source)
    except DBAPIError as error:
        raise UsageError(f"{source} fails: {str(error.orig).splitlines()[0]}", "correct it") from error
    finally:
        engine.dispose()
