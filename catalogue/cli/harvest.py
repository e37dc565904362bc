"""``catalogue harvest``: sources in, pictures kept, every outcome told."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from catalogue.cli import options
from catalogue.cli.output import plain, print_json, print_rows, tell
from catalogue.cli.progress import Line
from catalogue.errors import UsageError

if TYPE_CHECKING:
    from catalogue.engines.cluster import DaskCluster
    from catalogue.fetch.policy import Manners
    from catalogue.harvest import Options, Progress
    from catalogue.model import Outcome
    from catalogue.sieve import MarsSieve


def run(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCE...",
            help="Addresses, saved pages, archives, feeds, pictures, folders; - reads a list.",
            show_default=False,
        ),
    ] = None,
    folder: options.CatalogueFolder = None,
    files: options.KeptAt = None,
    from_file: Annotated[
        Path | None,
        typer.Option(
            "--from-file",
            metavar="FILE",
            help="A list of sources, one a line; # begins a comment.",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read pages only, and tell what would be done.")
    ] = False,
    refresh: Annotated[
        bool,
        typer.Option("--refresh", help="Ask again, conditionally, for what the catalogue has."),
    ] = False,
    retry_failed: Annotated[
        bool,
        typer.Option(
            "--retry-failed",
            help="Ask again for what failed; without SOURCE, for all of the web.",
        ),
    ] = False,
    mars_only: Annotated[
        bool,
        typer.Option(
            "--mars-only", help="Pages that show no picture of Mars are counted, and not kept."
        ),
    ] = False,
    on: Annotated[
        str,
        typer.Option(
            "--on",
            metavar="WHERE",
            help="threads; dask for processes of this machine; tcp://HOST:PORT, a Dask scheduler.",
        ),
    ] = "threads",
    workers: Annotated[int, typer.Option(min=1, max=256, help="Transfers at one time.")] = 16,
    per_host: Annotated[
        int | None,
        typer.Option(
            "--per-host",
            min=1,
            max=256,
            help="Of these, for one host; 6, and for an --allow-host as many as --workers.",
            show_default=False,
        ),
    ] = None,
    delay: Annotated[
        float, typer.Option(min=0, help="Least seconds between requests to one host.")
    ] = 0.0,
    timeout: Annotated[
        float, typer.Option(min=0.1, help="Seconds without a connection or a byte.")
    ] = 10.0,
    deadline: Annotated[
        float, typer.Option(min=0.1, help="Seconds for one whole transfer.")
    ] = 120.0,
    retries: Annotated[int, typer.Option(min=0, max=20, help="Attempts after the first.")] = 3,
    max_wait: Annotated[
        float, typer.Option("--max-wait", min=0, help="Longest Retry-After that is waited for.")
    ] = 60.0,
    max_bytes: Annotated[
        str, typer.Option("--max-bytes", metavar="N", help="Of an image, unpacked; 100M, 1G.")
    ] = "100M",
    max_page_bytes: Annotated[
        str, typer.Option("--max-page-bytes", metavar="N", help="Of a page, unpacked.")
    ] = "20M",
    max_pixels: Annotated[
        str, typer.Option("--max-pixels", metavar="N", help="Width times height of an image.")
    ] = "500M",
    max_images: Annotated[
        int, typer.Option("--max-images", min=1, help="Images that are taken from one page.")
    ] = 10_000,
    min_pixels: Annotated[
        int, typer.Option("--min-pixels", min=1, help="Shorter side of an image.")
    ] = 32,
    user_agent: Annotated[
        str | None,
        typer.Option(
            "--user-agent",
            metavar="TEXT",
            help="Who we say we are; the default names the program and CATALOGUE_CONTACT.",
            show_default=False,
        ),
    ] = None,
    ignore_robots: Annotated[
        bool, typer.Option("--ignore-robots", help="Do not ask for robots.txt.")
    ] = False,
    cookies: Annotated[
        Path | None,
        typer.Option(
            "--cookies",
            metavar="FILE",
            help="Cookies in Netscape's format.",
            show_default=False,
        ),
    ] = None,
    allow_host: options.AllowHost = None,
    jpeg2000: Annotated[
        bool, typer.Option("--jpeg2000", help="Accept JPEG 2000 pictures, too.")
    ] = False,
    json: options.Json = False,
) -> None:
    """Harvest articles: keep their pictures with caption and credit.

    A SOURCE is an address, a saved page, a text, a WARC, a feed, a JSON answer of an image
    service, a picture, a folder of these, a WARC in object storage (s3://BUCKET/KEY), or - for a
    list on standard input. What the catalogue has is not asked for again; a harvest that was
    stopped is completed by running it again.

    Example:
        catalogue harvest https://example.org/story.html saved-pages/

        catalogue harvest --from-file addresses.txt --delay 1 --json > outcomes.jsonl

        catalogue harvest 'crawl/*.warc.gz' --mars-only --on dask

        catalogue harvest 's3://bucket/crawl/*.warc.gz' --mars-only
    """
    from catalogue.fetch.policy import Manners, allowed_hosts
    from catalogue.harvest import Limits, Options, check_sources
    from catalogue.images.formats import FORMATS, ImageLimits

    named = list(sources or ())
    there = check_sources(name for name in named if name != "-")
    named = [name for name in named if name == "-" or name in there]
    if from_file is not None and not from_file.is_file():
        raise UsageError(f"--from-file: there is no file '{from_file}'")
    if not named and from_file is None and not retry_failed:
        raise UsageError("name a SOURCE, or a list by --from-file (try 'catalogue harvest --help')")
    if user_agent is not None and (not user_agent.isprintable() or not user_agent.strip()):
        raise UsageError("--user-agent: one line of printable text")
    allowed = allowed_hosts(allow_host or ())
    manners = Manners(
        delay=delay,
        timeout=timeout,
        deadline=deadline,
        retries=retries,
        max_wait=max_wait,
        user_agent=user_agent or "",
        obey_robots=not ignore_robots,
        allow_hosts=allowed,
        cookies=str(cookies) if cookies is not None else None,
    )
    limits = Limits(
        max_bytes=_number("--max-bytes", max_bytes, 1024),
        max_page_bytes=_number("--max-page-bytes", max_page_bytes, 1024),
        max_images=max_images,
        min_pixels=min_pixels,
        images=ImageLimits(
            max_pixels=_number("--max-pixels", max_pixels, 1000),
            formats=FORMATS | {"JPEG2000"} if jpeg2000 else FORMATS,
        ),
    )
    how = Options(
        limits=limits,
        workers=workers,
        per_host=per_host or 6,
        own_hosts=frozenset(host for host, _ in allowed) if per_host is None else frozenset(),
        refresh=refresh,
        retry_failed=retry_failed,
        dry_run=dry_run,
        only=_mars_only() if mars_only else None,
    )

    wanted = _sources(named, from_file) if named or from_file is not None else None
    cluster = _cluster(on, workers)
    written = _Written(json)
    _end_well()
    with cluster or contextlib.nullcontext(), Line() as line:
        progress = (lambda found: line.show(_how_far(found))) if line.wanted else None
        try:
            for outcome in _outcomes(
                folder, files, wanted, manners, replace(how, cluster=cluster), progress
            ):
                if not json:
                    line.clear()
                written.take(outcome)
        except KeyboardInterrupt:
            line.clear()
            if not json:  # a summary in JSON says that everything was settled
                written.end()
            raise
    if not written.anything:
        tell(
            "nothing named, nothing done: the list is empty"
            if wanted is not None
            else "nothing on the web is to be asked for again"
        )
    written.end()
    if written.failed or written.lost:
        raise typer.Exit(1)


def _sources(named: Iterable[str], from_file: Path | None) -> Iterator[str]:
    """What was named, lists read line by line: one on standard input may have no end."""
    for name in named:
        if name == "-":
            yield from _listed(sys.stdin)
        else:
            yield name
    if from_file is not None:
        with from_file.open(encoding="utf-8", errors="replace") as lines:
            yield from _listed(lines)


def _outcomes(
    folder: Path | None,
    files: str | None,
    sources: Iterable[str] | None,
    manners: Manners,
    how: Options,
    progress: Callable[[Progress], None] | None,
) -> Iterator[Outcome]:
    with options.open_catalogue(folder, files) as opened:
        yield from opened.harvesting(sources, manners=manners, options=how, progress=progress)
        if sources is None and (left := opened.failed_files()):
            tell(
                f"not taken up, since only you name files: {', '.join(map(plain, left[:3]))}"
                f"{' ...' if left[3:] else ''}; 'catalogue harvest --retry-failed FILE' does it"
            )


def _mars_only() -> MarsSieve:
    from catalogue.registry import load_registry
    from catalogue.sieve import MarsSieve

    return MarsSieve.of(load_registry())


def _cluster(on: str, threads: int) -> DaskCluster | None:
    """The cluster that ``--on`` means; None for threads of this process."""
    if on == "threads":
        return None
    if on != "dask" and not re.fullmatch(r"(tcp|tls|ws|wss)://[^\s/]+:\d+", on):
        raise UsageError(f"--on {on}: write threads, dask, or a scheduler as tcp://HOST:8786")
    from catalogue.engines.cluster import DaskCluster

    cluster = DaskCluster(on, threads=threads)
    if cluster.dashboard:
        tell(f"the cluster at work: {cluster.dashboard}")
    return cluster


def _listed(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        name = line.strip("\ufeff \t\r\n")  # some editors mark a text as UTF-8 at its head
        if name and not name.startswith("#"):
            yield re.sub(r"\s+#\s.*$", "", name)


def _number(option: str, text: str, step: int) -> int:
    """``100M`` as a number: thousands for pixels, 1024s for bytes."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kKmMgGtT]?)(?:i?[bB])?\s*", text)
    if match is None or not float(match[1]):
        raise UsageError(f"{option} {text}: write a number, as 2000000, 100M or 1G")
    return int(float(match[1]) * step ** " KMGT".index(match[2].upper() or " "))


def _end_well() -> None:
    """Keep what is finished when a system shuts down (SIGTERM) or a terminal is closed (SIGHUP)."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # not every system has both
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:  # as nohup has it
            with contextlib.suppress(ValueError):  # of the main thread alone
                signal.signal(number, _interrupted)


def _interrupted(number: int, frame: object) -> None:
    raise KeyboardInterrupt


_ONLY_COUNTED = frozenset({"ok", "ok:no-images", "stored", "unchanged", "skipped:not-mars"})
"""Outcomes of which a person is told no more than how many there were."""


class _Written:
    """Tells of outcomes as they come, and sums up what came."""

    def __init__(self, json: bool) -> None:
        self._json = json
        self._counts: dict[str, Counter[str]] = {"page": Counter(), "image": Counter()}
        self.failed = 0
        self.lost = False

    @property
    def anything(self) -> bool:
        """Whether anything was told of."""
        return any(counts.total() for counts in self._counts.values())

    def take(self, outcome: Outcome) -> None:
        self._counts[outcome.kind][outcome.outcome] += 1
        self.failed += outcome.failed
        if self._json:
            self._print(
                {
                    "kind": outcome.kind,
                    "url": outcome.url,
                    "page": outcome.page,
                    "outcome": outcome.outcome,
                    "image": outcome.image,
                    "detail": outcome.detail,
                }
            )
        elif outcome.outcome not in _ONLY_COUNTED:
            where = f" (on {outcome.page})" if outcome.page and outcome.page != outcome.url else ""
            tell(f"{outcome.outcome}  {outcome.url or 'a picture'}{where}: {outcome.detail}")

    def end(self) -> None:
        pages, images = self._counts["page"], self._counts["image"]
        if self._json:
            self._print(
                {
                    "kind": "summary",
                    "pages": dict(sorted(pages.items())),
                    "images": dict(sorted(images.items())),
                    "failed": self.failed,
                }
            )
            return
        if any(counts["failed:disk-full"] for counts in (pages, images)):
            tell(
                "there was no room left, so no more was asked for: make some and run the same"
                " harvest again, which has what is missing"
            )
        print_rows(
            [
                (name, ", ".join(f"{count} {_said(code)}" for code, count in sorted(found.items())))
                for name, found in (("pages", pages), ("pictures", images))
                if found
            ]
        )

    def _print(self, value: dict[str, object]) -> None:
        """Print a line; where the disk is full, go on without: the catalogue comes first."""
        if self.lost:
            return
        try:
            print_json(value)
        except BrokenPipeError:
            raise
        except OSError as error:
            self.lost = True
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            tell(f"the outcomes cannot be written: {error.strerror}")


def _said(code: str) -> str:
    return {"ok": "read", "ok:no-images": "without pictures"}.get(code, code)


def _how_far(progress: Progress) -> str:
    rate = progress.bytes / progress.seconds if progress.seconds > 0 else 0.0
    text = (
        f"pages {progress.pages}/{progress.pages_known}  "
        f"pictures {progress.images}/{progress.images_known}  "
        f"{_size(progress.bytes)}  {_size(rate)}/s"
    )
    if progress.waiting_for:
        text += f"  waiting for {', '.join(progress.waiting_for[:3])}"
    return text


def _size(count: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return f"{count:.1f} {unit}" if unit != "B" else f"{count:.0f} B"
        count /= 1000
    return ""
