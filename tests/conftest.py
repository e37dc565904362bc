"""What all tests share: no network but loopback, and where the contributors' corpora are."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"


def _is_loopback(address: object) -> bool:
    if not isinstance(address, tuple):  # a Unix socket's path
        return True
    host = str(address[0])
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def skip_or_fail(what: str, reason: str) -> NoReturn:
    """Skip the test, or fail it where the environment says that this must not be missing.

    Args:
        what: ``tools`` (programs beyond Python) or ``shared`` (the corpora).
        reason: What is missing.
    """
    if what in os.environ.get("CATALOGUE_TESTS_REQUIRE", "").split(","):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def need() -> Callable[[str, str], None]:
    """``need("exiftool", "metadata is read back with it")``: the program, or no test."""

    def check(program: str, reason: str) -> None:
        if shutil.which(program) is None:
            skip_or_fail("tools", f"{program} is not installed: {reason}")

    return check


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that connects to anything but this machine fails at once."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if not _is_loopback(address):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def no_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's own settings do not leak into a test."""
    for name in [name for name in os.environ if name.startswith("CATALOGUE_")]:
        if name not in {"CATALOGUE_SHARED", "CATALOGUE_TESTS_REQUIRE"}:
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The contributors' corpora; the test is skipped where they are absent."""
    folder = Path(os.environ.get("CATALOGUE_SHARED") or ROOT.parent / "shared")
    if not (folder / "corpus").is_dir():
        skip_or_fail("shared", "the contributors' corpora (../shared) are not here")
    return folder


@pytest.fixture(scope="session")
def data() -> Path:
    """The bundled sample and its table of right answers."""
    return DATA
