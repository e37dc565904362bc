"""What each part may know of the others, as docs/architecture.md tells it."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "catalogue"


def imports_of(path: Path, *, with_types: bool = False) -> set[str]:
    """Modules that a file imports, anywhere in it; those for type checkers alone where asked."""
    found: set[str] = set()
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        for_types = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        if isinstance(node, ast.If) and for_types and not with_types:
            waiting += node.orelse
            continue
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        waiting += ast.iter_child_nodes(node)
    return found


FILES = {
    path.relative_to(PACKAGE.parent).with_suffix("").as_posix().replace("/", "."): imports_of(path)
    for path in sorted(PACKAGE.rglob("*.py"))
}


def users_of(*modules: str) -> set[str]:
    """Our modules that import one of these, or a part of one."""
    return {
        name.removesuffix(".__init__")
        for name, imported in FILES.items()
        if any(
            one == module or one.startswith(f"{module}.") for one in imported for module in modules
        )
    }


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


@pytest.mark.parametrize(
    ("library", "places"),
    [
        ("requests", ("catalogue.fetch",)),
        ("urllib3", ("catalogue.fetch",)),
        ("protego", ("catalogue.fetch",)),
        ("selectolax", ("catalogue.sites.parsing",)),
        ("w3lib", ("catalogue.sites.decode",)),
        ("warcio", ("catalogue.sources.warc_records",)),
        ("PIL", ("catalogue.images",)),
        # The query judges one record as the database would, in a table in memory.
        ("sqlite3", ("catalogue.store", "catalogue.query", "catalogue.harvest")),
        ("sqlite_utils", ("catalogue.store",)),
        ("msgspec", ("catalogue.store",)),
        ("jinja2", ("catalogue.gallery", "catalogue.export")),
        ("dask", ("catalogue.engines.cluster",)),
        ("distributed", ("catalogue.engines.cluster",)),
        ("s3fs", ("catalogue.fetch.objects",)),
        ("fsspec", ("catalogue.fetch.objects",)),
        ("botocore", ("catalogue.fetch.objects",)),
        ("aiohttp", ("catalogue.fetch.objects",)),
        ("pyarrow", ("catalogue.columns",)),
        ("catalogue.engines.cluster", ("catalogue.cli.harvest",)),
        ("typer", ("catalogue.cli",)),
        ("catalogue.cli", ("catalogue.cli", "catalogue.__main__")),
    ],
)
def test_a_library_is_known_in_its_place_only(library: str, places: tuple[str, ...]) -> None:
    assert {name for name in users_of(library) if not within(name, *places)} == set()


PURE = (
    "catalogue.model", "catalogue.record", "catalogue.errors", "catalogue.registry",
    "catalogue.query",
    "catalogue.credit", "catalogue.identify", "catalogue.attribution",
    "catalogue.sites", "catalogue.cite", "catalogue.deriving", "catalogue.renditions",
    "catalogue.sieve", "catalogue.spreadsheet", "catalogue.texts",
)  # fmt: skip


@pytest.mark.parametrize(
    "edge",
    [
        "catalogue.fetch.web",
        "catalogue.fetch.saved",
        "catalogue.store",
        "catalogue.harvest",
        "socket",
    ],
)
def test_the_core_knows_no_network_disk_or_clock(edge: str) -> None:
    assert {name for name in users_of(edge) if within(name, *PURE)} == set()


def test_readers_of_pages_know_no_spacecraft() -> None:
    known = users_of("catalogue.registry", "catalogue.attribution", "catalogue.identify")

    assert {name for name in known if within(name, "catalogue.sites", "catalogue.sources")} == set()


def test_what_reads_a_page_flows_in_one_direction() -> None:
    sites = PACKAGE / "sites"
    names = {path: ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
             for path in sites.rglob("*.py")}  # fmt: skip
    modules = {name.removesuffix(".__init__"): imports_of(path, with_types=True)
               for path, name in names.items()}  # fmt: skip
    graph = {name: {one for one in imported if one in modules}
             for name, imported in modules.items()}  # fmt: skip
    for name in graph:
        graph[name].discard("catalogue.sites")  # «from catalogue.sites import addresses»

    assert list(TopologicalSorter(graph).static_order())  # a circle would raise


def test_the_store_knows_no_rule() -> None:
    known = users_of("catalogue.attribution", "catalogue.credit", "catalogue.identify",
                     "catalogue.sites", "catalogue.index")  # fmt: skip

    assert {name for name in known if within(name, "catalogue.store")} == set()


def test_nobody_inside_imports_from_the_front() -> None:
    front = {"catalogue.Catalogue", "catalogue.CatalogueError", "catalogue.Query",
             "catalogue.Record"}  # fmt: skip

    assert {name for name, imported in FILES.items() if imported & front} == set()


def test_all_that_is_raised_on_purpose_is_defined_in_one_place() -> None:
    """Those that a package adds for itself are caught in it, and are errors of the one place."""
    bases = {"CatalogueError", "UsageError", "CatalogueUnusable", "RegistryError"}
    elsewhere = {
        f"{path.relative_to(PACKAGE)}: {node.name}"
        for path in PACKAGE.rglob("*.py")
        if path.name != "errors.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and bases & set(map(ast.unparse, node.bases))
    }

    assert elsewhere == set()
