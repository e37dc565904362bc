"""What is asked, of whom, and when: decided without a network."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from catalogue.errors import FetchError, UsageError
from catalogue.fetch import policy


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "192.0.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:c0a8:101::", "::127.0.0.1",
    ],
)  # fmt: skip
def test_an_address_of_the_machines_around_us_is_not_public(address: str) -> None:
    assert not policy.is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_an_address_of_the_world_is_public(address: str) -> None:
    assert policy.is_public(address)


@pytest.mark.parametrize(
    "host", ["127.1", "0x7f.1", "2130706433", "0177.0.0.1", "0x7f000001", "127.0.0.1.", "[::1]"]
)
def test_an_address_in_an_odd_spelling_is_seen_for_what_it_is(host: str) -> None:
    found = policy.literal_address(host)

    assert found is not None
    assert not policy.is_public(found)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://a.example/x", "javascript:alert(1)", "data:,x", "gopher://a"],
)
def test_nothing_but_the_web_is_asked(url: str) -> None:
    with pytest.raises(FetchError) as refusal:
        policy.normal(url)

    assert refusal.value.reason == "scheme"


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://a.example/x"])
def test_a_redirect_leads_nowhere_but_into_the_web(location: str) -> None:
    with pytest.raises(FetchError) as refusal:
        policy.next_hop("https://a.example/", location)

    assert refusal.value.reason == "scheme"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://who:secret@a.example/p.jpg", "https://a.example/p.jpg"),
        ("https://a.example/p.jpg?w=640&X-Amz-Signature=abc&X-Amz-Credential=k", None),
        ("https://a.example/p.jpg?token=abc&w=640", "https://a.example/p.jpg?w=640"),
        ("https://a.example/p.jpg?w=640;accessToken=abc", "https://a.example/p.jpg?w=640"),
        ("https://a.example/p.jpg;jsessionid=abc?w=640", "https://a.example/p.jpg?w=640"),
        (
            "https://a.example/resize?url=https%3A%2F%2Fb.example%2Fp.jpg%3FX-Amz-Signature%3Dabc&w=9",
            "https://a.example/resize?url=https%3A%2F%2Fb.example%2Fp.jpg&w=9",
        ),
        (
            "https://a.example/resize?url=https://who:secret@b.example/p.jpg",
            "https://a.example/resize?url=https://b.example/p.jpg",
        ),
        ("http://who:secret@a.example:99999/p.jpg?token=abc", "http://a.example:99999/p.jpg"),
        ("http://who:secret/x@a.example/p.jpg?token=abc", "http://a.example/p.jpg"),
        ("s3://who:secret@bucket/p.warc?token=abc", "s3://bucket/p.warc"),
    ],
)
def test_what_is_kept_of_an_address_holds_no_credentials(url: str, kept: str | None) -> None:
    cleaned = policy.clean(url)

    assert "secret" not in cleaned
    assert "abc" not in cleaned
    assert kept is None or cleaned == kept


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/p.jpg?w=640&&crop=1;2&url=https%3A%2F%2Fb.example%2Fp.jpg",
        "https://a.example/@who/p.jpg?key=photos/1.jpg",
        "story_files/a@2x.jpg?token=abc",
    ],
)
def test_what_is_no_credential_is_kept_as_it_is(url: str) -> None:
    assert policy.clean(url) == url


@pytest.mark.parametrize(
    "url", ["http://[::1/p.jpg", "http://a.example:99999/p.jpg", "http://a.example:x/p.jpg"]
)
def test_what_cannot_be_an_address_is_refused_in_words(url: str) -> None:
    for ask in (policy.normal, lambda location: policy.next_hop("https://a.example/", location)):
        with pytest.raises(FetchError) as refusal:
            ask(url)
        assert refusal.value.outcome == "failed:bad-name"


def test_credentials_are_taken_out_of_text_that_holds_an_address() -> None:
    assert "secret" not in policy.scrub("see https://who:secret@a.example/p.jpg, please")


# --- robots.txt, RFC 9309 -------------------------------------------------------------------------

ROBOTS = """\
User-agent: *
Disallow: /private/
Allow: /private/open/
Disallow: /*.gif$
Crawl-delay: 2
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/private/a.jpg", False),
        ("/private/open/a.jpg", True),  # the longest match wins
        ("/x/moving.gif", False),
        ("/x/moving.gif?size=2", True),  # $ is the end
    ],
)
def test_robots_are_understood(path: str, allowed: bool) -> None:
    robots = policy.Robots(policy.robots_text(200, ROBOTS.encode()), "mars-image-catalogue/1")

    assert robots.allows(f"https://a.example{path}") is allowed


def test_the_delay_that_robots_ask_for_is_known() -> None:
    robots = policy.Robots(policy.robots_text(200, ROBOTS.encode()), "mars-image-catalogue/1")

    assert robots.delay == 2


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        (b"\xef\xbb\xbfUser-agent: *\rDisallow: /a\r", "/a", False),  # a mark, and ends of old
        (b"User-agent: Mars-Image-Catalogue/1.0\nDisallow: /a", "/a", False),
        (b"User-agent: *\nDisallow: /\n\nUser-agent: mars-image-catalogue\nDisallow:", "/a", True),
        (b"User-agent: *\nDisallow: /" + b"*a" * 13, "/" + "ba" * 13, False),
        (b"User-agent: *\n" + b"\n" * 300_000 + b"Disallow: /a", "/a", False),
        (b"User-agent: *\nDisallow: /%c3%a4", "/%C3%A4", False),
        (b"User-agent: *\nDisallow: /\xc3\xa4", "/%C3%A4", False),
    ],
    ids=["old", "version", "own group", "stars", "long", "encoded", "not encoded"],
)
def test_robots_are_understood_however_they_are_written(
    text: bytes, path: str, allowed: bool
) -> None:
    robots = policy.Robots(policy.robots_text(200, text), "mars-image-catalogue")

    assert robots.allows(f"https://a.example{path}") is allowed


def test_a_rule_that_the_limit_cuts_in_two_is_no_rule() -> None:
    lines = b"User-agent: *\nDisallow: /\n".ljust(policy.ROBOTS_BYTES - 10, b"#") + b"\n"
    text = lines + b"Allow: /open/only"

    robots = policy.Robots(policy.robots_text(200, text), "mars-image-catalogue")

    assert text[: policy.ROBOTS_BYTES].endswith(b"Allow: /o")
    assert not robots.allows("https://a.example/other")


@pytest.mark.parametrize(
    ("said", "seconds"), [("-3", 0), ("0.25", 0.25), ("inf", 0), ("soon", 0), ("1e300", 1e9)]
)
def test_an_odd_delay_is_none_or_a_very_long_one(said: str, seconds: float) -> None:
    text = f"User-agent: *\nCrawl-delay: {said}"

    assert policy.Robots(text, "mars-image-catalogue").delay == seconds


@pytest.mark.parametrize(
    ("status", "allowed"), [(404, True), (403, True), (500, False), (503, False)]
)
def test_no_robots_allow_and_a_failing_server_forbids(status: int, allowed: bool) -> None:
    robots = policy.Robots(policy.robots_text(status, b"nothing of use"), "mars-image-catalogue/1")

    assert robots.allows("https://a.example/a.jpg") is allowed


@pytest.mark.parametrize(
    "typed",
    ["http://localhost:8000/", "a host", "localhost:port", "localhost/page", "localhost:99999"],
)
def test_what_is_no_host_is_refused_with_how_to_write_one(typed: str) -> None:
    with pytest.raises(UsageError, match="HOST or HOST:PORT"):
        policy.allowed_hosts([f"good.example,{typed}"])


# --- waiting --------------------------------------------------------------------------------------

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        ("Fri, 02 Jan 2026 03:04:35 GMT", 30.0),
        ("Fri, 02 Jan 2026 03:04:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 1e9),
        ("9" * 400, 1e9),
        ("2, 5", 5.0),  # said twice
        ("-5", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_in_both_its_forms(value: str | None, seconds: float | None) -> None:
    assert policy.retry_after(value, NOW) == seconds


def test_waits_grow_and_are_not_in_step() -> None:
    first = [policy.backoff(1) for _ in range(50)]
    later = [policy.backoff(4) for _ in range(50)]

    assert sum(later) > 2 * sum(first)
    assert len(set(first)) > 1
