"""Which addresses the guard lets through."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhan.foundation.http import Guard, HttpRefused
from yizhan.foundation.http.guard import is_public

INWARD = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "169.254.0.23",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b:1::a9fe:a9fe",
    "2002:7f00:1::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
]


def names(table: dict[str, list[str]], *allow: str) -> Guard:
    async def resolve(host: str, port: int) -> list[str]:
        return table.get(host, [])

    return Guard(allow, resolve)


@pytest.mark.parametrize("address", INWARD)
async def test_a_name_that_leads_inward_is_refused(address: str) -> None:
    assert not is_public(ip_address(address))
    with pytest.raises(HttpRefused):
        await names({"evil.example": [address]}).addresses("evil.example", 80)
    with pytest.raises(HttpRefused):
        await names({"evil.example": ["93.184.216.34", address]}).addresses("evil.example", 80)


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "64:ff9b::8.8.8.8"])
async def test_a_public_address_is_called(address: str) -> None:
    assert await names({"shop.example": [address]}).addresses("shop.example", 443) == [address]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "0x7f.1", "0x7f000001", "2130706433", "0177.0.0.1", "127.1", "0", "::1", "localhost"]
)
async def test_every_spelling_of_this_machine_is_refused_by_the_real_resolver(host: str) -> None:
    with pytest.raises(HttpRefused):
        await Guard().addresses(host, 80)


async def test_a_name_without_address_is_refused() -> None:
    with pytest.raises(HttpRefused):
        await names({}).addresses("gone.example", 80)
    with pytest.raises(HttpRefused):
        await Guard().addresses("x" * 300 + ".example", 80)


@pytest.mark.parametrize("allow", ["10.0.0.0/8", "10.1.2.3", "erp.local", "*.local", "ERP.local"])
async def test_what_the_operator_named_is_called(allow: str) -> None:
    guard = names({"erp.local": ["10.1.2.3"], "other.example": ["192.168.0.1"]}, allow)
    assert await guard.addresses("erp.local", 80) == ["10.1.2.3"]
    with pytest.raises(HttpRefused):
        await guard.addresses("other.example", 80)


async def test_a_suffix_is_not_the_end_of_another_name() -> None:
    guard = names({"evillocal": ["10.1.2.3"], "local": ["10.1.2.3"]}, "*.local")
    for host in ("evillocal", "local"):
        with pytest.raises(HttpRefused):
            await guard.addresses(host, 80)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_in_every_wrapping(address: IPv4Address) -> None:
    mapped = IPv6Address(b"\0" * 10 + b"\xff\xff" + address.packed)
    translated = IPv6Address(b"\0\x64\xff\x9b" + b"\0" * 8 + address.packed)
    tunnelled = IPv6Address(b"\x20\x02" + address.packed + b"\0" * 10)
    assert {is_public(mapped), is_public(translated), is_public(tunnelled)} == {is_public(address)}
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        assert not is_public(address)


async def test_one_port_of_a_host_may_be_named() -> None:
    guard = names({"127.0.0.1": ["127.0.0.1"]}, "127.0.0.1:8010")
    assert await guard.addresses("127.0.0.1", 8010) == ["127.0.0.1"]
    with pytest.raises(HttpRefused):
        await guard.addresses("127.0.0.1", 8011)
