"""How a call is read."""

from __future__ import annotations

from typing import Any

from yizhan.simulator import Answer, Call, route
from yizhan.simulator.wire import Routes


def call(**more: Any) -> Call:
    return Call(**{"method": "POST", "path": "/", "args": {}, "query": {}, "headers": {}, "body": b"", **more})


class Paths:
    @route("POST", "/bot{token}/sendMessage")
    async def send(self, call: Call) -> Answer:
        return Answer(call.args["token"].encode())

    @route("GET", "/{rest*}")
    async def rest(self, call: Call) -> Answer:
        return Answer(b"rest")

    @route("GET", "/fixed")
    async def fixed(self, call: Call) -> Answer:
        return Answer(b"fixed")


def test_routes() -> None:
    routes = Routes(Paths())
    found = routes.find("POST", "/bot12:ab/sendMessage")
    assert found is not None
    assert found[1] == {"token": "12:ab"}
    assert routes.find("POST", "/bot12/x/sendMessage") is None
    fixed, rest = routes.find("GET", "/fixed"), routes.find("GET", "/a/b")
    assert fixed is not None
    assert fixed[0].__name__ == "fixed"
    assert rest is not None
    assert rest[1] == {"rest": "a/b"}


def test_a_multipart_form() -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="media"; filename="a.amr"\r\nContent-Type: audio/amr\r\n\r\n'
        b'#!AMR\n\x00\xff\r\n--x\r\nContent-Disposition: form-data; name="type"\r\n\r\nvoice\r\n--x--\r\n'
    )
    asked = call(headers={"content-type": "multipart/form-data; boundary=x"}, body=body)
    file = asked.file()
    assert file is not None
    assert (file.name, file.file, file.type, file.content) == ("media", "a.amr", "audio/amr", b"#!AMR\n\x00\xff")
    assert asked.parts()[1].content == b"voice"


def test_json_and_forms_that_are_none() -> None:
    assert (call(body=b"[1]").json(), call(body=b"\xff").json()) == ({}, {})
    assert call(body=b"a=1&b=%E7%81%AF").form() == {"a": "1", "b": "灯"}
