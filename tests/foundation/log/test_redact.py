"""Secrets do not reach the log, whatever way they try."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhan.foundation.log import redact, redact_text

SECRET = "s3cr3t-Value_9x"


@pytest.mark.parametrize(
    "line",
    [
        f"Authorization: Bearer {SECRET}",
        f"authorization=basic {SECRET}==",
        f"GET /cgi-bin/token?grant=x&appsecret={SECRET}&appid=wx1",
        f"GET https://api.example.com/send?access_token={SECRET} 200",
        f"postgresql://yizhan:{SECRET}@db/yizhan",
        f"nats://user:p{SECRET}@with@bus:4222",
        f'{{"password": "{SECRET}", "user": "lin"}}',
        f"{{'client_secret': '{SECRET}'}}",
        f"Set-Cookie: {SECRET}; HttpOnly",
        f"X-Api-Key: {SECRET}",
        f"EncodingAESKey={SECRET}",
        f"key sk-{SECRET}{SECRET}",
        f"eyJhbGciOiJIUzI1NiJ9.{SECRET}.{SECRET}",
        f"-----BEGIN RSA PRIVATE KEY-----\n{SECRET}\n-----END RSA PRIVATE KEY-----",
        f"-----BEGIN PRIVATE KEY-----\n{SECRET}",
    ],
)
def test_a_secret_in_a_line_is_taken_out(line: str) -> None:
    assert SECRET not in redact_text(line)
    assert "[redacted]" in redact_text(line)


@pytest.mark.parametrize(
    "line",
    [
        "ticket 4711 assigned to 林一",
        "see https://help.example.com/articles?q=退款",
        "mail from wang@example.com at 09:30:00",
        "basic plan, bearer of news",
        "took 3.2 ms: 17 rows",
    ],
)
def test_ordinary_lines_stay(line: str) -> None:
    assert redact_text(line) == line


@pytest.mark.parametrize("name", ["password", "DB_PASSWORD", "refresh_token", "apiKey", "Cookie", "client-secret"])
@given(st.text() | st.binary() | st.lists(st.text()) | st.dictionaries(st.text(), st.text()))
def test_a_value_under_a_secret_name_is_never_shown(name: str, value: object) -> None:
    assert redact(name, value) == "[redacted]"
    assert redact("request", {"headers": [{name: value}]}) == {"headers": [{name: "[redacted]"}]}


def test_facts_stay_and_bytes_are_counted() -> None:
    assert redact("tokens", 512) == 512
    assert redact("token_valid", False) is False
    assert redact("secret", None) is None
    assert redact("body", b"12345") == "<5 bytes>"
    assert redact("ids", (1, "a")) == [1, "a"]


def test_objects_and_errors_are_redacted_as_text() -> None:
    assert SECRET not in str(redact("error", ValueError(f"bad url https://me:{SECRET}@host/")))


def test_a_bottomless_value_ends() -> None:
    endless: dict[str, object] = {}
    endless["inner"] = endless
    assert "…" in str(redact("value", endless))


@given(st.text())
def test_any_text_can_be_redacted_twice(text: str) -> None:
    once = redact_text(text)
    assert redact_text(once) == once
