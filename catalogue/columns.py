"""A catalogue as Parquet files, one a table, for programs that read columns: DuckDB, Spark, pandas.

Written in portions, so that a catalogue of any size needs little memory; each file is there as a
whole, or as it was.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from catalogue.errors import CatalogueError, UsageError
from catalogue.store.tables import BOOLEAN, INTEGER, REAL, TEXT, TEXTS, Table

_ROWS = 20_000
"""Rows that are in memory at one time."""


def write(tables: Iterable[Table], to: Path) -> Iterator[Path]:
    """Write each table to a file of its name.

    Args:
        tables: The tables.
        to: The folder; made where it is absent.

    Yields:
        Each file as it is written.

    Raises:
        UsageError: PyArrow is not installed, or the folder is none.
        CatalogueError: A file cannot be written.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise UsageError(
            "--format parquet needs PyArrow: pip install 'mars-image-catalogue[parquet]'"
        ) from error
    types = {
        TEXT: pyarrow.string(),
        INTEGER: pyarrow.int64(),
        REAL: pyarrow.float64(),
        BOOLEAN: pyarrow.bool_(),
        TEXTS: pyarrow.list_(pyarrow.string()),
    }
    try:
        to.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise UsageError(f"--to {to}: there is a file of that name, name a folder") from error
    except OSError as error:
        raise _unwritten(to, error) from error
    for table in tables:
        schema = pyarrow.schema([(name, types[kind]) for name, kind in table.columns])
        whole, part = to / f"{table.name}.parquet", to / f".{table.name}.parquet.part"
        try:
            with parquet.ParquetWriter(part, schema, compression="zstd") as writer:
                while rows := list(itertools.islice(table.rows, _ROWS)):
                    writer.write_table(_portion(pyarrow, rows, schema))
            part.replace(whole)
        except OSError as error:
            raise _unwritten(whole, error) from error
        finally:
            part.unlink(missing_ok=True)
        yield whole


def _unwritten(path: Path, error: OSError) -> CatalogueError:
    reason = os.strerror(error.errno) if error.errno else error  # PyArrow's words name the part
    return CatalogueError(f"{path} cannot be written ({reason}): choose another place")


def _portion(pyarrow: Any, rows: list[tuple[Any, ...]], schema: Any) -> Any:
    columns = [
        pyarrow.array(values, type=field.type)
        for values, field in zip(zip(*rows, strict=True), schema, strict=True)
    ]
    return pyarrow.table(columns, schema=schema)
