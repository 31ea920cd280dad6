"""The bytes of a source → a `Document`, by the kind of file; and whether there is a text in it at all."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from gazette.editorial.importing.decoding import decode, is_binary
from gazette.editorial.importing.document import Document, warning
from gazette.editorial.importing.html_page import read_html_page
from gazette.editorial.importing.markdown_file import read_markdown_file
from gazette.editorial.importing.text_file import read_text_file
from gazette.editorial.importing.titles import WORD, plain

TEXT, MARKDOWN, HTML = (".txt", ".text"), (".md", ".markdown", ".mdown", ".mkd"), (".html", ".htm", ".xhtml")
KNOWN = (*TEXT, *MARKDOWN, *HTML)

#: A text shorter than this many words is looked at twice, and one with any of these words in it is no policy.
SHORT = 100
_NO_POLICY = re.compile(
    r"just a moment|enable javascript|javascript (?:is|must be|and cookies)|access denied|verify you are (?:a )?human"
    r"|403 forbidden|404|page not found|not found|bad gateway|service unavailable|internal server error"
    r"|too many requests|request (?:could not be|blocked)|captcha|loading\s*(?:…|\.\.\.)",
    re.IGNORECASE,
)
_LOOKS_LIKE_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_LOOKS_LIKE_MARKDOWN = re.compile(r"^#{1,6} \S", re.MULTILINE)


def read_document(path: str, data: bytes, name: str = "") -> Document:
    """The document in a file. Its `name` (that of `path`, if not given) tells its kind, else its content does."""
    ending = PurePosixPath(name or path).suffix.lower()
    text = decode(data[:20_000], path)[0]
    if ending in HTML:
        return read_html_page(path, data)
    if _LOOKS_LIKE_HTML.match(text):
        document = read_html_page(path, data)
        return document.noting(warning(path, 1, "holds an HTML page, whatever its name says; read as one"))
    if ending in MARKDOWN:
        return read_markdown_file(path, data)
    if len(_LOOKS_LIKE_MARKDOWN.findall(text)) > 1:
        document = read_markdown_file(path, data)
        return document.noting(warning(path, 1, "holds Markdown, whatever its name says; read as such"))
    return read_text_file(path, data)


def is_known(path: str) -> bool:
    """Whether a file's name says that it holds a text that can be imported."""
    return PurePosixPath(path).suffix.lower() in KNOWN


def fault(data: bytes, document: Document | None, typical_words: int = 0) -> str:
    """Why a source is not taken as a version; empty if it is one.

    `typical_words` is the median of the other versions, 0 where there are none.
    """
    if not data.strip():
        return "is empty"
    if is_binary(data):
        return "is no text"
    if document is None:
        return ""
    count = word_count(document)
    if count == 0:
        return "has no words"
    found = _NO_POLICY.search(document.markdown) if count < SHORT else None
    if found is not None and (count < SHORT // 3 or typical_words > 2 * SHORT):
        return f"is no policy but a message ('{found[0]}')"
    if typical_words and count < min(30, typical_words / 20):
        return f"has {count} words, where the other versions have some {typical_words}"
    return ""


def word_count(document: Document) -> int:
    """The words of a document that a reader sees."""
    return len(WORD.findall(plain(document.markdown)))
