"""Addresses of pictures: cleaning them, and what they tell by the way they are written.

One picture has many addresses: sizes, crops, formats. :func:`asset` gives what they share, so that
renditions of one picture are known as such wherever on a page they stand; :func:`width_in` gives
the size that an address names. No site is named here; conventions of single services are in the
site rules.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote, urljoin, urlsplit

from catalogue.texts import word_set

MAX_ADDRESS = 4096
"""Characters; a longer one is no address of a picture but data or an attack."""

RASTER = word_set("jpg jpeg jpe jfif png gif webp avif tif tiff bmp jp2 j2k jxl heic heif")
_CONTROL = re.compile(r"[\x00-\x20\x7f]")
_TEMPLATE = re.compile(r"\{[^}]{0,40}\}|%7[Bb][^%]{0,40}%7[Dd]|\$\{|<%|__[A-Z]+__")
_CANDIDATE = re.compile(r"[ \t\r\n\f,]*([^ \t\r\n\f]+)")
"""The next address of a ``srcset``."""
_WHOLE = re.compile(r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/[!-z|~]*$")
"""An address that is whole already, with nothing in it that needs mending."""
_ROOTED = re.compile(r"/(?!/)[!-z|~]*$")
"""The same without a host, from the root."""
_ORIGIN = re.compile(r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?=[/?#]|$)")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,20}):")

# What a size is looked for with in an address is written for small letters, and begins with a mark:
# only where one stands is there more to ask.
_NUMBER_PAIR = re.compile(r"[^0-9a-z](\d{2,5})[x×](?:\d{2,5}|0)[a-z]?(?![0-9a-z])")
"""Width and height; a height of 0 is the one that goes with the width."""
_ONLY_PAIR = re.compile(r"\d{2,5}x\d{1,5}[a-z]{0,2}")
_QUERY_WIDTH = re.compile(
    r"[?&;,=](?:w|width|imwidth|im_w|wid|imgw|maxwidth|max-w|max_w|sw|tr=w-|resize|fit|size|format|type=w(?=\d))"
    r"(?:[=_-]\(?|(?<==w))(\d{2,5})"
)
_NUMBER_OF_SIZE = (
    r"[-_](?<=[A-Za-z]{3}[A-Za-z-]{5}[-_])(320|400|480|500|600|640|720|750|768|800|900|960|1000"
    r"|1024|1080|1200|1280|1366|1400|1440|1500|1536|1600|1800|1920|2000|2048|2400|2560|3000|3840"
    r"|4096)"
)
"""A bare number after words that is a usual width; ``img-640`` may as well be the 640th."""
_DENSITY = re.compile(r"[?&;]dpr=([1-4](?:\.\d)?)(?=&|$)")
"""Pixels of the file for each pixel of the width that is asked for."""
_PATH_WIDTH = re.compile(
    r"[/,._-](?:(?:l?w|s(?=\d{3,4}(?:-c\d|/))|width(?:-down)?/|width|fit-w|max-w|resize[-_=/:]"
    r"|scale)[-_=]{0,2}(\d{2,5})(?=$|[/,._x-])|(?<=[/_-])(\d{3,4})(?:w|px|wi)(?=$|[/._-])"
    r"|(?<=\dx[1-9][-_])(\d{3,4})(?=[/.]))"
)
_PATH_NUMBER = re.compile(
    r"[/_-](?:(?<=/)(\d{3,4})(?=/|@\d{2}\.|\.[a-z]{3,4}$)|(?<=-)(\d{3,4})-\d{2}(?=\.[a-z]{3,4}$))"
    rf"|{_NUMBER_OF_SIZE}(?=\.[a-z]{{3,4}}$)"
    r"|[-_](?<=\dx[1-9][-_])(\d{3,4})(?=\.[a-z]{3,4}$)"
)
_HASH = re.compile(r"^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_-]{16,}$")
_SLUG = re.compile(r"^(?:[A-Za-z]+\d*|\d+[A-Za-z]{0,3})(?:[_-](?:[A-Za-z]+\d*|\d+[A-Za-z]{0,3}))+$")
"""Words and numbers with hyphens between: a name that a person can read, and no hash."""
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SIZE_SEGMENT = re.compile(
    r"""(?x) ^(?:
      \d+(?:[_x.:,@-]\d+)*(?:[a-z]{0,6})?          # 770x433, 0_200_6000_3600, 1024, 1536w
    | (?:(?:[bcefghqtwxy]|al|ar|bo|dpr|du|enc|fl|fn|lg|pg|so|usm|blur|quality)_[a-z0-9._:-]+,?)+
                                                  # w_1200,c_limit,f_auto
    | (?:fit-in|smart|master|original|orig|large|medium|small|thumb|thumbs|thumbnails?|full|web
        |images?|img|media|photos?|pictures?|uploads?|files?|public|static|assets?|news|resize
        |crop|scale|cache|content|filters?[:(].*|format[:(].*|quality[:(].*)
    )$"""
)
_SIZE_TAIL = re.compile(
    rf"""(?x)
      [-_.@~]\d{{2,5}}x\d{{2,5}}(?:[-_]c)?        # -1024x768
    | [-_.]\d{{2,4}}(?:w|px)                        # -1024w
    | [-_.]w\d{{2,4}}
    | [-_.](?:width|fill|max|height)-[0-9x]+      # .width-1024
    | [-_]\d{{3,4}}-\d{{2}}                           # -1200-80: width and quality
    | [-_]s\d{{2,4}}(?:-c\d{{1,3}})?                  # -s800-c85: the same with letters
    | {_NUMBER_OF_SIZE}
    | [-_.](?:1[6-9]x9|16-9|4-3|1-1|3-2|[1-9]x[1-9])
    | @[1-4]x
    | (?<=\dx[1-9])[-_]\d{{3,4}}                    # 16x9_992: a ratio and a width
    | [-_]scale[-_]?[1-4]
    | \.0"""
)
"""The end of a name that is a size in numbers."""
_SIZE_WORDS = word_set(
    "thumb thumbnail thm tn small sm medium med large lrg lg xl xlarge xxl big full fullsize "
    "full-res fullres hi-res hires lo-res lores low modest orig original scaled web preview "
    "browse mobile tablet desktop retina crop cropped wide square landscape portrait article "
    "master main pillars card_small card_medium card_large card_full"
)
_SIZE_LETTERS = frozenset("smlt")
"""Small, medium, large, thumbnail: as single letters, behind an underscore."""
_FORMATS = word_set("jpg jpeg png webp gif avif tif tiff img svg")
_NUMBER = re.compile(r"\d{3,}")
_MARK = re.compile(r"[-_.@~]")
_MARKS_OF_TAIL = 2
"""The most marks in one word or number for a size: ``_card_large``, ``-1200-80``."""
_WORDLESS = re.compile(r"^[^A-Za-z]*$")
_GENERIC = word_set(
    "image images img photo picture original master full large medium small thumb thumbnail "
    "default file main lead cover index download view getimage media"
)
_GIVEN_PATH = re.compile(
    r"[?&](?:src|url|image|img|file|path|source|filename|i|f|u)="
    r"([^&]{3,400}\.(?:jpe?g|png|webp|gif|tiff?))(?=&|$)",
    re.I,
)
"""A picture's path that a resizing script on the same host was given."""
_NUMBERED = re.compile(
    r"[?&]((?:id|pid|fid|gid|nr|no|num|number|(?:image|img|photo|pic|picture|media|file)_?id)"
    r"=[\w.-]{1,80})(?=&|#|$)",
    re.I,
)
"""By what a script without a file's name is told which picture is meant."""
_AHEAD_OF_OPTIONS = re.compile(
    r"/([^/]+\.(?:jpe?g|png|webp|gif|avif|tiff?))/(?:[^/]+/){0,4}[^/]+$", re.I
)
"""A file's name as a folder: what a service was asked to make of the file stands behind it."""
_INNER = re.compile(r"(?:^|[/=?&])(https?(?::|%3A)(?:/|%2F){1,2}[^&]+)", re.I)


def absolute(address: str, base: str) -> str | None:
    """An address made whole, or None where it is not one that can be asked for on the web.

    ``data:``, ``javascript:``, ``file:`` and templates with open places give None.

    Args:
        address: As the page writes it.
        base: The page's address, or its ``<base>``; may be empty.
    """
    # what is longer would fill the memory of those that were made whole before
    return _absolute(address, base) if len(address) <= MAX_ADDRESS else None


@lru_cache(maxsize=4096)
def _absolute(address: str, base: str) -> str | None:
    address = address.strip()
    if not address or address.startswith("#"):
        return None
    # no template, and no folder that is a step up
    if "{" not in address and "%7" not in address and "__" not in address and "/." not in address:
        if _WHOLE.match(address):
            return address
        if _ROOTED.match(address) and (origin := _ORIGIN.match(base)):
            return origin[0] + address
    scheme = _SCHEME.match(address)
    if scheme and scheme[1].lower() not in ("http", "https", "cid"):
        return None
    if _TEMPLATE.search(address):
        return None
    address = _CONTROL.sub(lambda found: "" if found[0] in "\t\r\n" else "%20", address)
    try:
        whole = urljoin(base, address) if base else address
        parts = urlsplit(whole)
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme in ("http", "https"):
        if not parts.hostname or "@" in parts.netloc:
            return None
        return whole
    if parts.scheme == "cid":
        return whole
    if not parts.scheme and not base:
        return whole if not whole.startswith("//") else f"https:{whole}"
    if not parts.scheme or parts.scheme == "file":
        return whole if not scheme else None
    return None


@lru_cache(maxsize=1024)
def host_of(address: str | None) -> str | None:
    """The host of an address, without ``www.``; None where it has none."""
    try:
        host = urlsplit(address or "").hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


@lru_cache(maxsize=4096)
def extension(address: str) -> str:
    """The extension of the path, lower case, without the dot; empty where there is none."""
    found = address.partition("#")[0].partition("?")[0].rpartition(".")[2]
    return found.lower() if 2 <= len(found) <= 5 and found.isalnum() else ""


def is_made_of_file(address: str) -> bool:
    """Whether a path goes on behind a picture file's name: what a service makes of the file."""
    path = address.partition("?")[0]
    return not path.endswith("/view") and bool(_AHEAD_OF_OPTIONS.search(path))


def is_raster(address: str) -> bool:
    """Whether the path ends as a picture file does."""
    return len(address) <= MAX_ADDRESS and extension(address) in RASTER


def srcset(value: str) -> list[tuple[str, int | None, float | None]]:
    """The addresses of a ``srcset`` with their width in pixels or their density.

    Reads as browsers do: an address ends at white space, or at a comma before white space.
    """
    out: list[tuple[str, int | None, float | None]] = []
    at = 0
    while len(out) < 64 and (found := _CANDIDATE.match(value, at)):
        address, at = found[1], found.end()
        if address.endswith(","):
            out.append((address.rstrip(","), None, None))
            continue
        # some pages write no space after the comma: "a.jpg 300w,b.jpg 600w" is still two
        comma = value.find(",", at)
        descriptor = value[at : comma if comma >= 0 else len(value)].strip()
        at = comma + 1 if comma >= 0 else len(value)
        width: int | None = None
        density: float | None = None
        for part in descriptor[:80].split():
            number, unit = part[:-1], part[-1:]
            try:
                if unit == "w":
                    width = int(float(number))
                elif unit == "x":
                    density = float(number)
            except (ValueError, OverflowError):
                continue
        out.append((address, width, density))
    return out


@lru_cache(maxsize=4096)
def width_in(address: str) -> int | None:
    """The width in pixels that an address asks for; None where it names none.

    >>> width_in("https://example.org/a/photo-1024x768.jpg")
    1024
    >>> width_in("https://example.org/a/photo.jpg?w=640&ssl=1")
    640
    """
    path, _, query = address.partition("?")
    if query:
        query = f"?{unquote(query[:500])}".lower()
        found = _QUERY_WIDTH.search(query)
        if found:
            density = _DENSITY.search(query)
            return int(int(found[1]) * float(density[1])) if density else int(found[1])
        pair = _NUMBER_PAIR.search(query)
        if pair:
            return int(pair[1])
    path = path[path.find("/", 8) :] if "//" in path else f"/{path}"
    path = unquote(path[-400:]).lower()
    pairs = _NUMBER_PAIR.findall(path)
    if pairs:
        return int(pairs[-1])
    for ways in (_PATH_WIDTH, _PATH_NUMBER):
        widths = [next(filter(None, found), "") for found in ways.findall(path)]
        for width in map(int, filter(None, widths)):
            if ways is _PATH_WIDTH or (width > 200 and not 1900 <= width <= 2040):
                return width  # a number alone may be a year, or a running number
    return None


@lru_cache(maxsize=4096)
def asset(address: str) -> str:
    """What all renditions of one picture share: the distinctive part of the path.

    Two addresses with the same asset are taken to be one picture. Size words and numbers, crops
    and formats are taken off; a name that says nothing (``image.jpg``) is told apart by the
    folders before it.

    >>> asset("https://a.example/img/800x600/Rover-in-dust-1024x768.jpg?w=4")
    'rover-in-dust'
    """
    inner = _INNER.search(address, 8) if "http" in address[8:] else None
    if inner:
        address = unquote(inner[1])
    elif "." in address.partition("=")[2] and (given := _GIVEN_PATH.search(address)):
        address = f"https://script/{unquote(given[1]).lstrip('/')}"
    path = address.partition("#")[0].partition("?")[0]
    if "%" in path:
        path = unquote(path)
    path = _path_of_file(path)
    if "=" in address and not is_raster(path) and (told := _NUMBERED.search(address)):
        return f"{'/'.join(_segments(path)[-4:])}?{told[1]}".lower()
    if own := _own_name(path):
        return own
    segments = _segments(path)
    name = size_free(segments[-1])
    kept = [segment for segment in segments[:-1] if not _SIZE_SEGMENT.match(segment.lower())]
    hashes = [one for one in kept[-3:] if _HASH.match(one) and not _SLUG.match(one)]
    numbers = [one for one in segments[:-1] if len(one) >= 5 and one.isdigit()]
    if (
        name in _GENERIC
        or (hashes and _NUMBER.match(name))
        or ((kept or numbers) and (name in _SIZE_WORDS or _ONLY_PAIR.fullmatch(name)))
    ):
        name = ""  # the size that a service was asked for
        kept = kept or numbers
    whole = "/".join([*kept[-3:], name]).strip("/")
    if hashes and not name:
        whole = hashes[-1]
    query = address.partition("?")[2]
    if len(whole) < 5 and query:
        whole = f"{whole}?{query}"
    return (whole or path).lower()


def _segments(path: str) -> list[str]:
    """The folders and the file's name in the path of an address; all of it where it has no host."""
    return list(filter(None, path.split("/")[3:])) or [path]


def _path_of_file(path: str) -> str:
    """A path without what stands behind a file's name in it: what a service makes of the file."""
    if path.find(".", path.find("/", 9), path.rfind("/")) < 0:
        return path
    ahead = _AHEAD_OF_OPTIONS.search(path)
    return path[: ahead.end(1)] if ahead else path


@lru_cache(maxsize=4096)
def _own_name(path: str) -> str:
    """What tells a picture in the name of its file, in small letters; empty where nothing does."""
    last = _segments(path)[-1]
    if last.count("-") >= 4 and (unique := _UUID.search(last.lower())):
        return unique[0]
    name = size_free(last)
    return name if _distinct(name) else ""


@lru_cache(maxsize=4096)
def size_free(name: str) -> str:
    """A file's name in small letters, without the words and numbers for its size, format, crop."""
    name = name[-200:].lower()
    marks = [found.start() for found in _MARK.finditer(name, 1)]
    for _ in range(6):
        for at in marks[-_MARKS_OF_TAIL:]:
            if _is_tail(name, at):
                break
        else:
            break
        name = name[:at].rstrip("_-") or name[:at]
        marks = [mark for mark in marks if mark < len(name)]
    return name


def _is_tail(name: str, at: int) -> bool:
    """Whether the rest of a name, from a mark on, is the word or numbers for a size or format."""
    word = name[at + 1 :]
    if name[at] == "_" and word in _SIZE_LETTERS:
        return True
    if word in _SIZE_WORDS:
        return name[at] != "@"
    if word in _FORMATS:
        return name[at] == "."
    return not word.isalpha() and bool(_SIZE_TAIL.fullmatch(name, at))


def _distinct(stem: str) -> bool:
    if stem in _GENERIC or len(stem) < 4:
        return False
    if _SIZE_SEGMENT.match(stem):
        return stem.isdigit() and len(stem) >= 7  # a number that is no size
    if _WORDLESS.match(stem):
        return len(stem) >= 7
    return len(stem) >= 6 or any(character.isdigit() for character in stem)


def inner(address: str) -> str | None:
    """The address that a resizing service was given inside its own address, where it shows.

    >>> inner("https://example.org/_next/image?url=https%3A%2F%2Fa.example%2Fb.jpg&w=640")
    'https://a.example/b.jpg'
    """
    found = _INNER.search(address, 8) if "http" in address[8:] else None
    if not found:
        return None
    whole = unquote(found[1])
    if not re.match(r"https?://", whole):
        whole = re.sub(r"^(https?:)/+", r"\1//", whole)
    return whole if is_raster(whole) else None
