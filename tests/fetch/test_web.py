"""Bytes from servers that mean no good, or from places that must not be asked."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from catalogue.errors import FetchError
from catalogue.fetch.policy import Manners, allowed_hosts
from catalogue.fetch.watch import Watch
from catalogue.fetch.web import WebFetcher

HERE = Path(__file__).resolve().parent
PUBLIC = "93.184.216.34"
Talk = Callable[[socket.socket, bytes], None]


class Server:
    """Answers each connection by a function, and counts what it was asked."""

    def __init__(self, talk: Talk, context: ssl.SSLContext | None = None) -> None:
        self.asked: list[bytes] = []
        self._talk, self._context = talk, context
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(
                    target=self._answer, args=(self._listening.accept()[0],), daemon=True
                ).start()

    def _answer(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            if self._context is not None:
                connection = self._context.wrap_socket(connection, server_side=True)
            with connection:
                head = connection.recv(65536)
                self.asked.append(head)
                self._talk(connection, head)

    def at(self, path: str, scheme: str = "http") -> str:
        return f"{scheme}://127.0.0.1:{self.port}{path}"

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def begin(talk: Talk, context: ssl.SSLContext | None = None) -> Server:
        servers.append(Server(talk, context))
        return servers[-1]

    yield begin
    for server in servers:
        server.close()


def whole(body: bytes, *headers: str) -> Talk:
    """An answer that is as it should be."""
    given = (f"Content-Length: {len(body)}", "Connection: close", *headers)
    head = "".join(f"{line}\r\n" for line in given)
    return lambda sock, _: sock.sendall(f"HTTP/1.1 200 OK\r\n{head}\r\n".encode() + body)


def to(location: str) -> Talk:
    """A redirect."""
    return said("302 Found", f"Location: {location}", "Content-Length: 0", "Connection: close")


def said(status: str, *headers: str) -> Talk:
    """An answer without content."""
    head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", *headers))
    return lambda sock, _: sock.sendall(f"{head}\r\n".encode())


def fetcher(**manners: object) -> WebFetcher:
    given: dict[str, object] = {
        "retries": 0,
        "obey_robots": False,
        "allow_hosts": allowed_hosts(["127.0.0.1"]),
    }
    return WebFetcher(Manners(**given | manners))  # type: ignore[arg-type]


def outcome_of(url: str, limit: int = 1 << 20, spool: Path | None = None, **how: object) -> str:
    """What becomes of an address."""
    try:
        fetcher(**how).get(url, limit=limit, picture=True, spool=spool)
    except FetchError as error:
        return error.outcome
    return "had"


class Names:
    """A name server that answers what it likes, another time something else."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, host: object, port: object, *_: object, **__: object) -> list[object]:
        answer = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in answer]


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Where connections were made to; none of them is let through."""
    places: list[object] = []

    def refuse(address: tuple[object, ...], *_: object, **__: object) -> socket.socket:
        places.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    return places


def test_a_name_that_answers_otherwise_the_second_time_leads_nowhere(
    monkeypatch: pytest.MonkeyPatch, connected: list[object]
) -> None:
    """The address that was looked at is the one that is connected to; each time anew."""
    names = Names((PUBLIC,), ("127.0.0.1",))
    monkeypatch.setattr(socket, "getaddrinfo", names)

    outcome = outcome_of("http://rebinding.example/a.jpg", retries=1, allow_hosts=frozenset())

    assert connected == [PUBLIC]
    assert names.asked == 2
    assert outcome == "refused:private-address"


@pytest.mark.parametrize(
    "answer", [(PUBLIC, "127.0.0.1"), ("169.254.169.254",), ("::ffff:7f00:1",)]
)
def test_a_name_with_a_private_address_among_its_own_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, connected: list[object], answer: tuple[str, ...]
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Names(answer))

    outcome = outcome_of("http://inside.example/a.jpg", allow_hosts=frozenset())

    assert (outcome, connected) == ("refused:private-address", [])


@pytest.mark.parametrize("location", ["http://[::1/b.jpg", "http://127.0.0.1:99999/b.jpg"])
def test_a_redirect_to_what_is_no_address_ends_the_request(
    serve: Callable[..., Server], location: str
) -> None:
    assert outcome_of(serve(to(location)).at("/a.jpg")) == "failed:bad-name"


def test_redirects_end(serve: Callable[..., Server]) -> None:
    def further(sock: socket.socket, head: bytes) -> None:
        to(f"/{len(chain.asked)}.jpg")(sock, head)

    chain = serve(further)

    assert outcome_of(chain.at("/a.jpg")) == "failed:redirect-loop"
    assert len(chain.asked) == 11


def test_what_is_said_to_one_host_is_not_said_to_another(serve: Callable[..., Server]) -> None:
    other = serve(whole(b"x"))
    first = serve(to(f"http://me:secret@127.0.0.1:{other.port}/b.jpg"))

    fetcher().get(f"http://me:secret@127.0.0.1:{first.port}/a.jpg", limit=100)

    assert b"authorization: basic" in first.asked[0].lower()
    assert b"authorization" not in other.asked[0].lower()


def test_an_endless_answer_is_given_up_at_the_limit(
    serve: Callable[..., Server], tmp_path: Path
) -> None:
    sent = [0]

    def endless(sock: socket.socket, _: bytes) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            sock.sendall(b"x" * 65536)
            sent[0] += 65536

    assert outcome_of(serve(endless).at("/a.jpg"), 4 << 20, tmp_path) == "failed:too-large"
    assert sent[0] < 32 << 20
    assert list(tmp_path.iterdir()) == []


def test_what_is_packed_counts_as_it_is_unpacked(serve: Callable[..., Server]) -> None:
    bomb = gzip.compress(bytes(8 << 20))

    outcome = outcome_of(serve(whole(bomb, "Content-Encoding: gzip")).at("/a.jpg"))

    assert outcome == "failed:too-large"


def test_an_answer_too_large_to_hold_goes_to_a_file(
    serve: Callable[..., Server], tmp_path: Path
) -> None:
    got = fetcher().get(serve(whole(bytes(5 << 20))).at("/a"), limit=9 << 20, spool=tmp_path)

    assert isinstance(got.data, Path)
    assert got.data.parent == tmp_path
    assert got.size == 5 << 20


def test_a_drip_ends_at_the_deadline_however_steadily_it_falls(
    serve: Callable[..., Server],
) -> None:
    def drip(sock: socket.socket, _: bytes) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(200):
            sock.sendall(b"x")
            time.sleep(0.1)

    dripping = serve(drip)

    assert outcome_of(dripping.at("/a.jpg"), deadline=0.5, timeout=5) == "failed:timeout"
    assert len(dripping.asked) == 1


def test_a_silent_server_is_left(serve: Callable[..., Server]) -> None:
    assert (
        outcome_of(serve(lambda sock, _: time.sleep(20)).at("/"), timeout=0.3) == "failed:timeout"
    )


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort",
    ],
)
def test_an_answer_that_ends_early_is_none(serve: Callable[..., Server], answer: bytes) -> None:
    assert outcome_of(serve(lambda sock, _: sock.sendall(answer)).at("/")) == "failed:truncated"


def answers(**by_path: Talk) -> Talk:
    """Answers by the name of what is asked for."""

    def talk(sock: socket.socket, head: bytes) -> None:
        name = head.split(b" ")[1].decode().strip("/").replace(".", "_")
        by_path.get(name, whole(b"x"))(sock, head)

    return talk


def test_interim_answers_are_passed_over(serve: Callable[..., Server]) -> None:
    """The true answer must not wait in the connection for whoever asks next."""

    def with_hints(sock: socket.socket, head: bytes) -> None:
        said("102 Processing")(sock, head)
        said("103 Early Hints", "Link: </style.css>; rel=preload")(sock, head)
        whole(b"true")(sock, head)

    assert fetcher().get(serve(with_hints).at("/a.jpg"), limit=100).data == b"true"


def test_interim_answers_without_end_are_given_up(serve: Callable[..., Server]) -> None:
    def flood(sock: socket.socket, _: bytes) -> None:
        while True:
            sock.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100)

    assert outcome_of(serve(flood).at("/a.jpg"), deadline=0.5) == "failed:timeout"


def test_a_part_that_says_to_be_the_whole_is_a_part(serve: Callable[..., Server]) -> None:
    def part(sock: socket.socket, _: bytes) -> None:
        sock.sendall(
            b"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-99/100\r\n"
            b"Content-Length: 50\r\n\r\n" + bytes(50)
        )

    assert outcome_of(serve(part).at("/a.jpg")) == "failed:http-206"


def test_a_mark_of_a_version_as_long_as_a_picture_is_not_kept(
    serve: Callable[..., Server],
) -> None:
    long, short = whole(b"x", f"ETag: {'e' * 60_000}"), whole(b"x", 'ETag: W/"1"')

    got = [fetcher().get(serve(talk).at("/"), limit=9).validators.etag for talk in (long, short)]

    assert got == [None, 'W/"1"']


def test_servers_leave_no_cookies_with_us_but_may_renew_the_users(
    serve: Callable[..., Server], tmp_path: Path
) -> None:
    jar = tmp_path / "cookies.txt"
    jar.write_text("# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t0\tmember\told\n")
    setting = serve(whole(b"x", "Set-Cookie: member=new; Path=/", "Set-Cookie: spy=1; Path=/"))
    asking = fetcher(cookies=str(jar))

    for path in ("/a.jpg", "/b.jpg"):
        asking.get(setting.at(path), limit=9)

    assert b"Cookie: member=old" in setting.asked[0]
    assert b"Cookie: member=new\r\n" in setting.asked[1]


# --- robots.txt -----------------------------------------------------------------------------------

RULES = b"User-agent: *\nDisallow: /b.jpg\n"


def with_robots(server: Server, **how: object) -> list[str]:
    """What becomes of two pictures of a host that is asked politely."""
    asking, outcomes = fetcher(obey_robots=True, **how), []
    for path in ("/a.jpg", "/b.jpg"):
        try:
            asking.get(server.at(path), limit=100)
            outcomes.append("had")
        except FetchError as error:
            outcomes.append(error.outcome)
    return outcomes


def test_robots_are_looked_for_behind_five_redirects_and_no_more(
    serve: Callable[..., Server],
) -> None:
    five = {"robots_txt": to("/1"), "5": whole(RULES)} | {
        str(n): to(f"/{n + 1}") for n in (1, 2, 3, 4)
    }
    six = five | {"5": to("/6"), "6": whole(RULES)}

    assert with_robots(serve(answers(**five))) == ["had", "skipped:robots"]
    assert with_robots(serve(answers(**six))) == ["had", "had"]


@pytest.mark.parametrize(
    "location", ["http://10.0.0.1/robots.txt", "http://[::1", "file:///etc/hostname"]
)
def test_robots_that_lead_to_where_nothing_is_asked_cannot_be_had(
    serve: Callable[..., Server], location: str
) -> None:
    """Of the pictures it must not be said that they lie there."""
    server = serve(answers(robots_txt=to(location)))

    assert with_robots(server) == ["skipped:robots-unreachable"] * 2
    assert len(server.asked) == 1


def test_robots_are_asked_for_again_when_their_host_said_and_not_at_all_if_that_is_long(
    serve: Callable[..., Server],
) -> None:
    times: list[float] = []

    def busy(sock: socket.socket, head: bytes) -> None:
        times.append(time.monotonic())
        first = said("503 Busy", "Retry-After: 1", "Connection: close")
        (first if len(times) == 1 else whole(RULES))(sock, head)

    later = serve(answers(robots_txt=said("503 Busy", "Retry-After: 900", "Connection: close")))

    assert with_robots(serve(answers(robots_txt=busy))) == ["had", "skipped:robots"]
    assert times[1] - times[0] >= 1
    assert with_robots(later) == ["skipped:robots-unreachable"] * 2
    assert len(later.asked) == 1


def test_the_pace_that_the_user_asked_for_is_kept_after_robots_too(
    serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(Watch, "pause", lambda self, seconds, host: pauses.append(seconds))

    assert with_robots(serve(answers(robots_txt=whole(RULES))), delay=60) == [
        "had",
        "skipped:robots",
    ]

    assert len(pauses) == 1  # nothing is asked for the second, and nothing waited for
    assert 30 < pauses[0] <= 60


# --- TLS ------------------------------------------------------------------------------------------


@pytest.fixture
def secret(serve: Callable[..., Server]) -> Server:
    """A server with a certificate that itself has signed, for the name ``archive.example``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(HERE / "archive.example.pem")
    return serve(whole(b"x"), context)


def test_a_certificate_that_nobody_trusts_is_not_accepted(secret: Server) -> None:
    assert outcome_of(secret.at("/a.jpg", "https")) == "failed:tls"
    assert secret.asked == []


def test_a_certificate_for_another_name_is_not_accepted(secret: Server) -> None:
    asking = fetcher()
    asking._session.verify = str(HERE / "archive.example.pem")

    with pytest.raises(FetchError, match="no trustworthy connection"):
        asking.get(secret.at("/a.jpg", "https"), limit=100)

    assert secret.asked == []


def test_the_surroundings_name_no_proxy_that_would_resolve_names_behind_our_back(
    serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, server = serve(whole(b"proxy")), serve(whole(b"server"))
    monkeypatch.setenv("HTTP_PROXY", proxy.at(""))
    monkeypatch.setenv("http_proxy", proxy.at(""))

    assert fetcher().get(server.at("/"), limit=100).data == b"server"
    assert proxy.asked == []


def test_trouble_is_told_without_the_numbers_of_the_system(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unknown(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    closed = socket.create_server(("127.0.0.1", 0))
    port = closed.getsockname()[1]
    closed.close()
    with pytest.raises(FetchError, match=r"^no connection: connection refused$"):
        fetcher().get(f"http://127.0.0.1:{port}/", limit=1)

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(FetchError, match=r"^no name server knows the host's name$"):
        fetcher().get("http://nowhere.example/", limit=1)
