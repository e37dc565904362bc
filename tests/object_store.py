"""An object store on loopback, and a proxy before it that misbehaves when told to."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

SECRET = "h0w-the-store-knows-us"

SERVER = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print("port", server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""


class Store:
    """An object store, and a proxy before it that misbehaves when told to."""

    def __init__(self, behind: int) -> None:
        self.faults: dict[str, list[str]] = {}
        """By name of an object what befalls the next requests for its bytes; the last goes on."""
        self.refused: dict[str, list[str]] = {}
        """The same, of requests to put an object whose name ends so."""
        self.asked: list[str] = []
        """Objects of which bytes were asked for."""
        self.on_put: Callable[[str], None] = lambda name: None
        self._behind = behind
        store = self

        class Proxy(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"  # who puts something asks first whether to go on

            def answer(self) -> None:
                store.forward(self)

            do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = answer

            def log_message(self, *words: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def put(self, name: str, data: bytes = b"") -> None:
        with closing(HTTPConnection("127.0.0.1", self._behind)) as connection:
            signed = "AWS4-HMAC-SHA256 Credential=somebody/20260101/us-east-1/s3/aws4_request"
            connection.request("PUT", f"/{name}", body=data, headers={"Authorization": signed})
            assert connection.getresponse().status == 200

    def forward(self, request: BaseHTTPRequestHandler) -> None:
        name = unquote(request.path.partition("?")[0]).strip("/")
        fault = ""
        sent = _body(request)
        request.close_connection = True
        if request.command == "GET" and "list-type" not in request.path:
            self.asked.append(name)
            fault = _next(self.faults.get(name, []))
        elif request.command == "PUT":
            self.on_put(name)
            due = (waiting for end, waiting in self.refused.items() if name.endswith(end))
            fault = _next(next(due, []))
        if fault == "hang up":
            request.connection.close()
            return
        if name.startswith("forbidden"):
            fault = "403"
        if fault in ("403", "503"):
            code = {"403": "AccessDenied", "503": "SlowDown"}[fault]
            body = f"<Error><Code>{code}</Code><Message>No.</Message></Error>".encode()
            request.send_response(int(fault))
            request.send_header("Content-Length", str(len(body)))
            request.send_header("Connection", "close")
            request.end_headers()
            request.wfile.write(b"" if request.command == "HEAD" else body)
            return
        with closing(HTTPConnection("127.0.0.1", self._behind)) as connection:
            connection.request(
                request.command, request.path, body=sent, headers=_headers(request, sent)
            )
            answer = connection.getresponse()
            body = answer.read()
            request.send_response(answer.status)
            for header, value in answer.getheaders():
                if header.lower() not in _OWN:
                    request.send_header(header, value)
            length = answer.getheader("Content-Length") if request.command == "HEAD" else len(body)
            if answer.status != 204:
                request.send_header("Content-Length", str(length or 0))
            request.send_header("Connection", "close")
            request.end_headers()
            request.wfile.write(body[: len(body) // 2] if fault == "cut" else body)


_OWN = ("transfer-encoding", "connection", "server", "date", "content-length")


def _body(request: BaseHTTPRequestHandler) -> bytes:
    if "chunked" not in (request.headers.get("Transfer-Encoding") or ""):
        return request.rfile.read(int(request.headers.get("Content-Length") or 0))
    body = b""
    while size := int(request.rfile.readline().split(b";")[0], 16):
        body += request.rfile.read(size)
        request.rfile.readline()
    request.rfile.readline()
    return body


def _headers(request: BaseHTTPRequestHandler, sent: bytes) -> dict[str, str]:
    dropped = ("transfer-encoding", "content-length", "expect", "connection")
    passed = {name: text for name, text in request.headers.items() if name.lower() not in dropped}
    return passed | (
        {"Content-Length": str(len(sent))} if request.command in ("PUT", "POST") else {}
    )


def _next(waiting: list[str]) -> str:
    return waiting.pop(0) if len(waiting) > 1 else "".join(waiting)


def environment(endpoint: str) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "somebody",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_MAX_ATTEMPTS": "1",  # what is tried again is tried by s3fs, without long pauses
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
