"""From the bytes of a page to its text, whatever it says or fails to say of its encoding."""

from __future__ import annotations

from w3lib.encoding import html_to_unicode


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
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            text = data.decode("utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError:
            pass
        else:
            if not data.isascii() or b"\x1b" not in data[:4096]:
                return text
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
