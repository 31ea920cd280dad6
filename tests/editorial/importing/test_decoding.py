from __future__ import annotations

import pytest

from gazette.editorial.importing.decoding import decode, is_binary


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfa\r\nb\rc", "a\nb\nc"),
        ("é".encode("utf-16"), "é"),
        ("é".encode("utf-16-be").join([b"\xfe\xff", b""]), "é"),
        (b"caf\xe9 \x93quoted\x94", "café “quoted”"),
        ("é".encode() + b" and \xe9", "é and é"),
        (b"a\x00b", "ab"),
        (b"page one\x0cpage two", "page one\npage two"),
        (b"\x81", "\ufffd"),
    ],
)
def test_bytes_of_any_origin_become_text(data: bytes, text: str) -> None:
    assert decode(data, "policy.txt")[0] == text


def test_what_was_mended_is_reported_with_its_line() -> None:
    _, warnings = decode(b"one\ncaf\xe9\n\x00", "policy.txt")
    assert [str(found) for found in warnings] == [
        "policy.txt:2: is not all UTF-8: the odd bytes were read as Windows-1252; "
        "look at the words with accents and signs from here on",
        "policy.txt:3: a control character was taken out (the first is U+0000)",
    ]


def test_a_document_of_another_kind_is_no_text() -> None:
    assert is_binary(b"%PDF-1.7 ...")
    assert is_binary(bytes(range(32)) * 10)
    assert not is_binary("Wörter, 条項".encode())
