"""Requests against a real server on loopback."""

import asyncio
import gzip
from collections.abc import AsyncIterator

import pytest

from yizhan.foundation.errors import TooLarge
from yizhan.foundation.http import Guard, Http, HttpFailed, HttpRefused


class Site:
    """Answers each path with the bytes given for it and remembers what was asked."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.heads: list[str] = []
        self.bodies: list[bytes] = []
        self.port = 0
        self.release = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next((int(line[15:]) for line in head.splitlines() if line.lower().startswith("content-length:")), 0)
        path = head.split()[1]
        self.asked.append(path)
        self.heads.append(head)
        self.bodies.append(await reader.readexactly(length))
        if path == "/never":
            await self.release.wait()
        writer.write(self.pages.get(path, page(b"", "404 Not Found")))
        await writer.drain()
        writer.close()


def page(content: bytes, status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(content)}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + content


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    yield site
    site.release.set()
    server.close()


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    async def resolve(host: str, port: int) -> list[str]:
        literal = [host] if host[0] in "1:" else []
        return {"site.test": ["127.0.0.1"], "two.test": ["127.0.0.9", "127.0.0.1"]}.get(host, literal)

    client = Http(Guard(["site.test", "two.test"], resolve), max_bytes=1000)
    yield client
    await client.close()


async def test_a_request_reaches_the_named_host_and_brings_the_answer(http: Http, site: Site) -> None:
    site.pages["/orders"] = page(b'{"id": 7}', "201 Created", "X-Trace: a1")
    url = f"http://site.test:{site.port}/orders"
    answer = await http.request("POST", url, headers={"Authorization": "Bearer x"}, json={"sku": "滤芯"})
    assert (answer.status, answer.ok, answer.json(dict[str, int])) == (201, True, {"id": 7})
    assert answer.headers["x-trace"] == "a1"
    assert site.bodies == ['{"sku":"滤芯"}'.encode()]
    assert f"host: site.test:{site.port}" in site.heads[0].lower()
    assert "content-type: application/json" in site.heads[0].lower()
    assert "accept-encoding: identity" in site.heads[0].lower()


async def test_an_answer_of_refusal_is_an_answer(http: Http, site: Site) -> None:
    answer = await http.request("GET", f"http://site.test:{site.port}/none")
    assert (answer.status, answer.ok) == (404, False)
    with pytest.raises(HttpFailed, match="agreed"):
        answer.json(dict[str, int])


async def test_this_machine_is_refused_by_address(http: Http, site: Site) -> None:
    for host in ("127.0.0.1", "[::1]", "[::ffff:127.0.0.1]"):
        with pytest.raises(HttpRefused):
            await http.request("GET", f"http://{host}:{site.port}/secret")
    assert site.asked == []


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://site.test/", "site.test", "http://", "", "http://[", "//"]
)
async def test_other_schemes_and_broken_urls_are_refused(http: Http, url: str) -> None:
    with pytest.raises(HttpRefused):
        await http.request("GET", url)


async def test_a_redirect_inward_is_refused_before_the_call(http: Http, site: Site) -> None:
    site.pages["/start"] = page(b"", "302 Found", f"Location: http://127.0.0.1:{site.port}/secret")
    with pytest.raises(HttpRefused):
        await http.request("GET", f"http://site.test:{site.port}/start", follow=True)
    assert site.asked == ["/start"]


async def test_redirects_are_followed_only_when_asked_and_not_for_ever(http: Http, site: Site) -> None:
    url = f"http://site.test:{site.port}"
    site.pages |= {"/a": page(b"", "302 Found", "Location: /b"), "/b": page(b"there")}
    site.pages["/loop"] = page(b"", "302 Found", "Location: /loop")
    assert (await http.request("GET", f"{url}/a")).status == 302
    followed = await http.request("GET", f"{url}/a", follow=True)
    assert (followed.content, followed.url) == (b"there", f"{url}/b")
    with pytest.raises(HttpFailed, match="redirects"):
        await http.request("GET", f"{url}/loop", follow=True)


async def test_a_name_that_moves_inward_after_the_check_is_not_asked_again(site: Site) -> None:
    asked: list[str] = []

    async def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["203.0.113.9"] if len(asked) == 1 else ["127.0.0.1"]

    http = Http(Guard(["203.0.113.0/24"], rebinding))
    with pytest.raises(HttpFailed) as failed:
        await http.request("GET", f"http://moving.test:{site.port}/secret", timeout=0.2)
    assert asked == ["moving.test"]
    assert site.asked == []
    assert failed.value.code == "http_failed"
    await http.close()


async def test_the_next_address_is_tried_when_one_is_silent(http: Http, site: Site) -> None:
    site.pages["/"] = page(b"ok")
    assert (await http.request("GET", f"http://two.test:{site.port}/")).content == b"ok"


async def test_an_answer_too_long_is_cut_off(http: Http, site: Site) -> None:
    site.pages["/long"] = page(b"x" * 1001)
    site.pages["/unannounced"] = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * 5000
    site.pages["/bomb"] = page(gzip.compress(b"0" * 500_000), "200 OK", "Content-Encoding: gzip")
    for path in ("/long", "/unannounced", "/bomb"):
        with pytest.raises(TooLarge):
            await http.request("GET", f"http://site.test:{site.port}{path}")
    assert (await http.request("GET", f"http://site.test:{site.port}/long", max_bytes=1001)).content == b"x" * 1001


async def test_compression_that_was_not_asked_for(http: Http, site: Site) -> None:
    site.pages["/gzip"] = page(gzip.compress("您好".encode()), "200 OK", "Content-Encoding: gzip")
    site.pages["/br"] = page(b"??", "200 OK", "Content-Encoding: br")
    site.pages["/bad"] = page(b"??", "200 OK", "Content-Encoding: gzip")
    assert (await http.request("GET", f"http://site.test:{site.port}/gzip")).content.decode() == "您好"
    for path in ("/br", "/bad"):
        with pytest.raises(HttpFailed):
            await http.request("GET", f"http://site.test:{site.port}{path}")


async def test_silence_ends_in_time_and_may_have_been_heard(http: Http, site: Site) -> None:
    with pytest.raises(HttpFailed, match=r"0\.1 s") as failed:
        await http.request("POST", f"http://site.test:{site.port}/never", content=b"pay", timeout=0.1)
    assert failed.value.sent


async def test_a_broken_answer_may_have_been_heard(http: Http, site: Site) -> None:
    site.pages["/broken"] = b"nonsense\r\n\r\n"
    site.pages["/short"] = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"
    site.pages["/nothing"] = b""
    for path in ("/broken", "/short", "/nothing"):
        with pytest.raises(HttpFailed) as failed:
            await http.request("POST", f"http://site.test:{site.port}{path}")
        assert failed.value.sent


async def test_a_closed_port_was_certainly_not_heard(http: Http) -> None:
    with pytest.raises(HttpFailed) as failed:
        await http.request("POST", "http://site.test:1/")
    assert not failed.value.sent


async def test_a_proxy_of_the_environment_is_not_used(site: Site, monkeypatch: pytest.MonkeyPatch, http: Http) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    site.pages["/"] = page(b"direct")
    assert (await http.request("GET", f"http://site.test:{site.port}/")).content == b"direct"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ('attachment; filename="发票 2026.pdf"', "发票 2026.pdf"),
        ("attachment; filename=\"a.pdf\"; filename*=UTF-8''%E5%8F%91%E7%A5%A8.pdf", "发票.pdf"),
        ("attachment; filename=%E5%8F%91%E7%A5%A8.pdf", "发票.pdf"),
        ("inline", ""),
    ],
)
async def test_what_a_file_is_called(site: Site, http: Http, said: str, name: str) -> None:
    site.pages["/file"] = page(b"1", "200 OK", f"Content-Disposition: {said}")
    answer = await http.request("GET", f"http://site.test:{site.port}/file")
    assert answer.file_name == name
