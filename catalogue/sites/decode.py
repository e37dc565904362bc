"""From the bytes of a page to its text, whatever it says or fails to say of its encoding."""

from __future__ import annotations

import codecs

from w3lib.encoding import html_to_unicode


def in_utf8(data: bytes, charset: str | None = None) -> bytes:
    """The bytes of a page in UTF-8: the same that came, where they are that already.

    Args:
        data: The bytes.
        charset: What the transport declared.
    """
    plain = _plain(data)
    if plain is None:
        return decode(data, charset).encode("utf-8", "replace")
    return data.removeprefix(codecs.BOM_UTF8)


def _plain(data: bytes) -> str | None:
    """The text, where the bytes are UTF-8 and no encoding that hides in seven bits; else None."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or (data.isascii() and b"\x1b" in data[:4096]):
        return None
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        return None


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
    plain = _plain(data)
    if plain is not None:
        return plain
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
