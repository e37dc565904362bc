"""From the bytes of a page to its text, whatever it says or fails to say of its encoding."""

from __future__ import annotations

import codecs

from w3lib.encoding import html_to_unicode

_PIECE = 16_384
"""Bytes that are looked at together."""


def in_utf8(data: bytes, charset: str | None = None) -> bytes:
    """The bytes of a page in UTF-8: the same that came, where they are that already.

    Args:
        data: The bytes.
        charset: What the transport declared.
    """
    if _may_be_utf8(data) and _is_utf8(data):
        return data.removeprefix(codecs.BOM_UTF8)
    return _decode_other(data, charset).encode("utf-8", "replace")


def _may_be_utf8(data: bytes) -> bool:
    """Whether nothing tells of UTF-16, or of an encoding that hides in seven bits."""
    return not data.startswith((b"\xff\xfe", b"\xfe\xff")) and not (
        b"\x1b" in data[:4096] and data.isascii()
    )


def _is_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8: piece by piece, so that the text takes no memory."""
    view = memoryview(data)
    at, size = 0, len(data)
    try:
        while at < size:
            at += codecs.utf_8_decode(view[at : at + _PIECE], "strict", at + _PIECE >= size)[1]
    except UnicodeDecodeError:
        return False
    return True


def _undeclared(data: bytes) -> str:
    """UTF-8 where the bytes are that, else what western pages without a word of it are."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        # one bad byte near the end of a cut-off page does not make it another encoding
        if error.start < len(data) - 4:
            return "cp1252"
    return "utf-8"


def decode(data: bytes, charset: str | None = None) -> str:
    """The text of a page.

    The order is that of browsers: byte order mark, transport, the page's own word, then a guess.
    A page that declares one encoding and is plainly UTF-8 is read as UTF-8.

    Args:
        data: The bytes.
        charset: What the transport declared.
    """
    if _may_be_utf8(data):
        try:
            return data.decode("utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError:
            pass
    return _decode_other(data, charset)


def _decode_other(data: bytes, charset: str | None) -> str:
    """The text of a page that is not plainly UTF-8."""
    header = f"text/html; charset={charset}" if charset else None
    try:
        encoding, text = html_to_unicode(
            header, data, auto_detect_fun=_undeclared, default_encoding="utf-8"
        )
    except (LookupError, UnicodeError):
        return data.decode("utf-8", "replace")
    if encoding.startswith(("utf-16", "utf-32")) and b"\0" not in data[:4096]:
        # Markup in these is every other byte zero; so the declaration is false.
        return data.decode(_undeclared(data), "replace")
    broken = text.count("\ufffd")
    if broken:
        # declared wrongly: more broken characters than whole ones beyond ASCII
        whole = sum(1 for character in text[:200_000] if character > "\x7f") - broken
        if broken > whole:
            other = data.decode("cp1252", "replace")
            if other.count("\ufffd") < broken:
                return other
    return str(text)
