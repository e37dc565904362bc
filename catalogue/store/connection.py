"""Opening the database of a catalogue folder, and saying in words why one cannot be used."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from catalogue.errors import CatalogueUnusable
from catalogue.store import schema

DATABASE = "catalogue.db"

PATIENCE = 60.0
"""Seconds that one process waits for another to finish a transaction."""

_CACHE_KIB = 65536

_PAGE = 8192
"""Bytes of a page of a new database: rows hold captions, and with pages of 4096 a load takes a
twelfth longer."""


def connect(folder: Path, *, create: bool) -> tuple[sqlite3.Connection, bool]:
    """Open the database in a folder, brought up to date; and tell whether it is read-only.

    Args:
        folder: The catalogue folder.
        create: Make folder and database where they are absent.

    Raises:
        CatalogueUnusable: It is absent, a file, locked, damaged, foreign or of a newer format.
    """
    path = folder / DATABASE
    _see_to_folder(folder, create=create)
    if not path.exists() or not path.stat().st_size:
        # It makes the tables, and takes a while to start: nobody should be kept out meanwhile.
        import sqlite_utils  # noqa: F401
    try:
        connection, read_only = _open(folder, path, create)
    except sqlite3.Error as error:
        raise unusable(folder, error) from error
    try:
        _bring_up_to_date(folder, connection, read_only)
    except sqlite3.Error as error:
        connection.close()
        raise unusable(folder, error) from error
    except BaseException:
        connection.close()
        raise
    return connection, read_only


def is_absent(folder: Path) -> bool:
    """Whether there is no catalogue in a folder yet, and nothing in the way of one."""
    try:
        return not folder.exists() or (folder.is_dir() and not (folder / DATABASE).exists())
    except OSError:
        return False


def unusable(folder: Path, error: sqlite3.Error) -> CatalogueUnusable:
    """What an error of SQLite means for the user of a catalogue, and what to do."""
    words = str(error)
    if "locked" in words or "busy" in words:
        advice = "is in use by another run that does not finish: wait for it, or stop it"
    elif "readonly" in words or "read-only" in words:
        advice = "is read-only: it can be searched, not changed; copy it to where it can be"
    elif "not a database" in words:
        advice = f"is damaged ({words}): restore a copy of its {DATABASE}"
    elif "malformed" in words or "corrupt" in words:
        advice = f"is damaged ({words}): try 'catalogue verify --repair', else restore a copy"
    elif "unable to open" in words:
        advice = f"cannot be opened ({words}): look at the permissions of {DATABASE}"
    else:
        advice = f"cannot be used: {words}"
    return CatalogueUnusable(f"{folder} {advice}")


def begin(folder: Path) -> None:
    """Make the folder of a new catalogue, and a database without tables, which are made later.

    Files may be put there from now on: whoever opens the catalogue makes the tables, and knows what
    those files are.

    Raises:
        CatalogueUnusable: It is a file, or cannot be written to.
    """
    _see_to_folder(folder, create=True)
    try:
        (folder / DATABASE).touch()
    except OSError as error:
        raise CatalogueUnusable(f"{folder} cannot be written to: {error.strerror}") from error


def _see_to_folder(folder: Path, *, create: bool) -> None:
    try:
        _make_folder(folder, create)
    except OSError as error:
        raise CatalogueUnusable(
            f"{folder} cannot be opened ({error.strerror}): look at its permissions"
        ) from error


def _make_folder(folder: Path, create: bool) -> None:
    path = folder / DATABASE
    if folder.exists() and not folder.is_dir():
        raise CatalogueUnusable(f"{folder} is a file; a catalogue is a folder: name another")
    if path.is_dir():
        raise CatalogueUnusable(f"{path} is a folder, not a database: name another catalogue")
    if path.exists():
        return
    if not create:
        raise CatalogueUnusable(
            f"no catalogue in {folder}: 'catalogue harvest' makes one, -C names another"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CatalogueUnusable(
            f"{folder} cannot be made ({error.strerror}): name another folder with -C"
        ) from error
    if not os.access(folder, os.W_OK):
        raise CatalogueUnusable(f"{folder} cannot be written to: name another folder with -C")


def _open(folder: Path, path: Path, create: bool) -> tuple[sqlite3.Connection, bool]:
    writable = os.access(folder, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))
    if writable:
        return _connection(path, f"mode={'rwc' if create else 'rw'}"), False
    try:
        return _connection(path, "mode=ro"), True
    except sqlite3.OperationalError as error:
        # A journal of type WAL needs a file beside the database, which cannot be made here. As
        # nobody can write, the database may be read as it is, unless changes wait in the journal.
        if "unable to open" not in str(error) and "readonly" not in str(error):
            raise
        journal = path.with_name(path.name + "-wal")
        if journal.exists() and journal.stat().st_size:
            raise CatalogueUnusable(
                f"{folder} is read-only, and its last changes wait in {journal.name}: copy the"
                " folder to where it can be written"
            ) from error
        return _connection(path, "mode=ro&immutable=1"), True


def _connection(path: Path, options: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?{options}",
        uri=True,
        timeout=PATIENCE,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        # What was reported as stored must survive a power cut, not only a crash.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def hurry(connection: sqlite3.Connection) -> None:
    """Have transactions of this connection end before they are on the disk.

    Others that do wait for the disk, wait for all that was written before them.

    Args:
        connection: To the database.
    """
    connection.execute("PRAGMA synchronous = NORMAL")


def keep_journal(connection: sqlite3.Connection, mode: str) -> None:
    """Have changes kept in another sort of journal, unless another process has the database open.

    Args:
        connection: To the database.
        mode: WAL, beside which others read; or DELETE.
    """
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        with contextlib.suppress(sqlite3.OperationalError):  # it is in use
            connection.execute(f"PRAGMA journal_mode = {mode}")
    finally:
        connection.execute(f"PRAGMA busy_timeout = {1000 * PATIENCE:.0f}")


def _bring_up_to_date(folder: Path, connection: sqlite3.Connection, read_only: bool) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application == schema.APPLICATION_ID and version == schema.VERSION:
        (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
        if journal != "wal" and not read_only:
            keep_journal(connection, "WAL")  # a load that was killed left another
        return
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if tables and application != schema.APPLICATION_ID:
        raise CatalogueUnusable(
            f"{folder / DATABASE} is an SQLite file of another program: name another folder"
        )
    if version > schema.VERSION:
        raise CatalogueUnusable(
            f"{folder} was made by a newer version (format {version}, this one knows"
            f" {schema.VERSION}): update mars-image-catalogue"
        )
    if read_only:
        raise CatalogueUnusable(
            f"{folder} is of an older format and read-only: copy it to where it can be changed"
        )
    if not tables:
        connection.execute(f"PRAGMA page_size = {_PAGE}")
    connection.execute("PRAGMA journal_mode = WAL")
    # Two runs may find the folder new at the same moment: one makes the tables, the other waits.
    connection.execute("BEGIN EXCLUSIVE")
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version < schema.VERSION:
            schema.migrate(connection)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
