"""Forms with files, read back by a parser that is not ours."""

from __future__ import annotations

from email import message_from_bytes, policy

from yizhan.foundation.http import FormFile, multipart


def test_a_form_is_what_a_browser_posts() -> None:
    picture = FormFile("media", '图 "1".png\r\nX: y', "image/png", b"\x89PNG\r\n--\r\n")
    kind, body = multipart({"type": "image"}, [picture])
    read = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body, policy=policy.HTTP)
    field, file = read.iter_parts()
    assert field.get_param("name", header="content-disposition") == "type"
    assert field.get_payload(decode=True) == b"image"
    assert file.get_content_type() == "image/png"
    assert file.get_payload(decode=True) == picture.content
    assert "X" not in file
    assert multipart({"type": "image"}, [picture]) == (kind, body)
