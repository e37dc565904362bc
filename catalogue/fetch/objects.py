"""Object storage that the user named: archives in it are read by ranges, files are put and had.

The one module that knows s3fs. Endpoint, region and credentials are its own affair: it finds them
where all programs do that speak to such stores (``AWS_ENDPOINT_URL``, ``AWS_ACCESS_KEY_ID``,
``~/.aws``), and nothing of them is kept, told or sent to a worker. It asks again for what fails in
passing, within limits of its own (``AWS_MAX_ATTEMPTS``).
"""

from __future__ import annotations

import glob
import io
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

from catalogue.errors import CatalogueError, FetchError, UsageError

_SCHEME = "s3://"
_PIECE = 32 << 20
"""Bytes of an object that are asked for at one time: most pictures come in one answer."""
_BLOCK = 2 << 20
_BLOCKS = 16
"""Blocks of archives that are held at the most."""

T = TypeVar("T")


def is_stored(text: str) -> bool:
    """Whether a source is named in object storage."""
    return text.lower().startswith(_SCHEME)


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as it was listed; see :class:`~catalogue.sources.interface.Stored`."""

    address: str
    size: int
    etag: str

    def mark(self) -> str:
        """Its size, and the store's own mark of its bytes."""
        return f"object:{self.size}:{self.etag}"

    def open(self, ahead: int) -> BinaryIO:
        """Its bytes, of which so many are asked for at one time."""
        return cast(BinaryIO, _Ranges(self, ahead))


def matching(pattern: str) -> list[StoredObject]:
    """The objects that a pattern matches, by name.

    Args:
        pattern: ``s3://bucket/key``; ``*``, ``?`` and ``[...]`` match within a part of the key,
            ``**`` over several.

    Raises:
        UsageError: There is none; the bucket is absent or forbidden, no store answers, there are
            no credentials, or the extra is not installed.
        FetchError: The store fails in a way that may pass.
    """
    path = _path(pattern)
    bucket, _, key = path.partition("/")
    if not bucket or not key or glob.has_magic(bucket):
        raise UsageError(f"'{pattern}': write s3://BUCKET/KEY; the key may be a pattern")
    store = _store()
    try:
        found = _asked(pattern, lambda: store.glob(path, detail=True))
        if not found:  # which an absent bucket gives as well
            _asked(pattern, lambda: store.call_s3("head_bucket", Bucket=bucket))
    except FetchError as error:
        if error.reason in ("http-404", "http-403", "connect", "bad-name"):
            what = "bucket" if error.reason in ("http-404", "http-403") else "store"
            raise UsageError(f"the {what} of {error}") from error
        raise
    objects = [
        StoredObject(f"{_SCHEME}{name}", int(one["size"]), str(one.get("ETag") or "").strip('"'))
        for name, one in sorted(found.items())
        if one["type"] == "file"
    ]
    if not objects:
        raise UsageError(f"no object matches '{pattern}'")
    return objects


# --- files of a catalogue -------------------------------------------------------------------------


def place(address: str) -> str:
    """An address as a place for files, in its one form.

    Args:
        address: ``s3://BUCKET`` or ``s3://BUCKET/PREFIX``.

    Raises:
        UsageError: It is none.
    """
    if not is_stored(address):
        raise UsageError(f"'{address}' is no place in object storage: write s3://BUCKET/PREFIX")
    parts = _path(address).rstrip("/").split("/")
    if {"", ".", ".."} & set(parts) or not address.isprintable() or set(address) & set("*?[]#\\"):
        raise UsageError(f"'{address}': write s3://BUCKET/PREFIX, in plain letters")
    return _SCHEME + "/".join(parts)


def put(address: str, data: bytes | Path) -> None:
    """Keep bytes, or those of a file, as an object, which is seen when it is whole.

    Raises:
        UsageError: There are no credentials, or the extra is not installed.
        FetchError: The store does not take them.
    """
    path, store = _path(address), _store()
    if isinstance(data, Path):
        _asked(address, lambda: store.put_file(str(data), path))
    else:
        _asked(address, lambda: store.pipe_file(path, data))


def pieces(address: str) -> Iterator[bytes]:
    """The bytes of an object, some at a time.

    Raises:
        UsageError: There are no credentials, or the extra is not installed.
        FetchError: The store does not give them; the reason is ``http-404`` for none.
    """
    path, store, at = _path(address), _store(), 0
    while True:
        piece = _asked(address, partial(store.cat_file, path, start=at, end=at + _PIECE))
        yield bytes(piece)
        at += len(piece)
        # the store of an object that ends here refuses to begin behind its end
        if len(piece) < _PIECE or at >= _asked(address, lambda: store.info(path))["size"]:
            return


def below(address: str) -> list[str]:
    """Names of the objects below an address, relative to it, sorted.

    Raises:
        UsageError: There are no credentials, or the extra is not installed.
        FetchError: The store does not tell.
    """
    path, store = _path(address), _store()
    found = _asked(address, lambda: store.find(path))
    return sorted(name[len(path) + 1 :] for name in found)


def copy(address: str, to: str) -> None:
    """Have the store copy an object.

    Raises:
        UsageError: There are no credentials, or the extra is not installed.
        FetchError: It does not.
    """
    store = _store()
    _asked(address, lambda: store.cp_file(_path(address), _path(to)))


def remove(address: str) -> None:
    """Remove an object; one that is not there is no trouble.

    Raises:
        UsageError: There are no credentials, or the extra is not installed.
        FetchError: The store does not remove it.
    """
    store = _store()
    try:
        _asked(address, lambda: store.rm_file(_path(address)))
    except FetchError as error:
        if error.reason != "http-404":
            raise


def _path(address: str) -> str:
    """Bucket and key.

    Raises:
        UsageError: There are credentials in it.
    """
    path = address[len(_SCHEME) :]
    if "@" in path.partition("/")[0]:
        raise UsageError("s3://: credentials belong into the environment, not into an address")
    return path


# --- how ------------------------------------------------------------------------------------------


class _Ranges(io.RawIOBase):
    """An object as a stream that holds one range of it."""

    def __init__(self, source: StoredObject, ahead: int) -> None:
        self._source = source
        self._ahead = max(ahead, io.DEFAULT_BUFFER_SIZE)
        self._at = 0
        self._begin = 0
        self._range = b""

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Where it is read next."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go somewhere; nothing is asked for."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._source.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Read on, as far as the range in hand goes.

        Raises:
            FetchError: The store does not give it.
        """
        if self._at >= self._source.size:
            return 0
        place = self._at - self._begin
        if not 0 <= place < len(self._range):
            self._range, self._begin, place = self._had(), self._at, 0
        piece = self._range[place : place + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def _had(self) -> bytes:
        if self._ahead < _BLOCK:
            block = _blocks.find(self._source, self._at // _BLOCK)
            if block is not None:
                return block[self._at % _BLOCK :]
        return _range(self._source, self._at, self._at + self._ahead)


class _Blocks:
    """Pieces of objects that several records were read from, for all threads of a process.

    The first record of a block is had by itself; the second has all of it come. So an archive of
    which few pages are wanted is not read whole, and of one that is wanted whole a block costs two
    requests, whatever the number of its records.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._had: OrderedDict[tuple[StoredObject, int], tuple[threading.Lock, list[bytes]]]
        self._had = OrderedDict()

    def find(self, source: StoredObject, number: int) -> bytes | None:
        """A block of an object; None for one that nothing was read from yet."""
        key = (source, number)
        with self._lock:
            known = self._had.get(key)
            if known is None:
                self._had[key] = (threading.Lock(), [])
                while len(self._had) > _BLOCKS:
                    self._had.popitem(last=False)
                return None
            self._had.move_to_end(key)
        lock, data = known
        with lock:
            if not data:
                data.append(_range(source, number * _BLOCK, (number + 1) * _BLOCK))
        return data[0]


_blocks = _Blocks()


def _range(source: StoredObject, start: int, end: int) -> bytes:
    """A part of an object as it was listed."""
    end = min(end, source.size)
    path = source.address[len(_SCHEME) :]
    try:
        data = _asked(source.address, lambda: _store().cat_file(path, start=start, end=end))
    except FetchError as error:
        if error.reason not in ("http-403", "http-404"):
            raise
        # it was listed: credentials that expired, or an object on its way
        raise FetchError(str(error), reason="retry-later") from error
    if len(data) != end - start:
        raise FetchError(f"'{source.address}' is not as long as it was", reason="truncated")
    return bytes(data)


@cache
def _store() -> Any:
    """One for all threads of a process.

    Raises:
        UsageError: The extra is not installed.
    """
    try:
        from s3fs import S3FileSystem
    except ImportError as error:
        raise UsageError("s3:// needs s3fs: pip install 'mars-image-catalogue[s3]'") from error
    return S3FileSystem(use_listings_cache=False, skip_instance_cache=True)


def _asked(address: str, ask: Callable[[], T]) -> T:
    """What the store gives, its trouble told in our words.

    Raises:
        UsageError: There are no credentials.
        FetchError: Whatever else went wrong, by its fixed word.
    """
    try:
        return ask()
    except CatalogueError:
        raise
    except Exception as error:  # of three libraries, with no base in common
        raise _told(address, error) from error


def _told(address: str, error: Exception) -> CatalogueError:
    from aiohttp import ClientPayloadError
    from botocore import exceptions

    if isinstance(error, exceptions.NoCredentialsError | exceptions.PartialCredentialsError):
        return UsageError(
            f"'{address}': no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a"
            " profile"
        )
    for kinds, reason, words in (
        (FileNotFoundError, "http-404", "is not there"),
        (PermissionError, "http-403", "is forbidden to these credentials"),
        (exceptions.ParamValidationError, "bad-name", "has a name that no store accepts"),
        (
            (TimeoutError, exceptions.ConnectTimeoutError, exceptions.ReadTimeoutError),
            "timeout",
            "kept us waiting too long",
        ),
        (ClientPayloadError, "truncated", "was cut off each time that it was asked for"),
        (
            (exceptions.ConnectionError, exceptions.HTTPClientError, ValueError),
            "connect",
            "cannot be reached; is AWS_ENDPOINT_URL right?",
        ),
    ):
        if isinstance(error, kinds):
            return FetchError(f"'{address}' {words}", reason=reason)
    said = " ".join(str(error).split())[:120]
    return FetchError(f"'{address}' was asked for in vain: {said}", reason="retry-exhausted")
