"""Archives of stories with a picture each."""

from __future__ import annotations

import gzip
import io

from PIL import Image


def record(url: str, body: bytes, kind: str) -> bytes:
    answer = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
        "WARC-Date: 2021-02-19T10:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        "Content-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(answer)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + answer + b"\r\n\r\n", mtime=0)


STORIES = 3


def archive(site: str) -> bytes:
    """Stories with a picture each."""
    records = b""
    for number in range(STORIES):
        picture = io.BytesIO()
        Image.new("RGB", (64, 48), (number, len(site), 40)).save(picture, "PNG")
        page = (
            f"<html><head><title>Story {number}</title></head><body><article><figure>"
            f'<img src="/{number}.png"><figcaption>Dunes of {site}.</figcaption></figure>'
        )
        records += record(f"https://{site}/story{number}", page.encode(), "text/html")
        records += record(f"https://{site}/{number}.png", picture.getvalue(), "image/png")
    return records
