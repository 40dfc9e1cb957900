from __future__ import annotations

import pytest

from tests.standins.names import Zone
from yizhan.channels.email.proving.dmarc import aligned, organisation_of, policy_of, vouches

ZONE = Zone({
    "TXT _dmarc.customer.test": ["v=DMARC1; p=reject; sp=quarantine; adkim=s"],
    "TXT _dmarc.public.test": ["v=DMARC1; p=none; psd=y"],
    "TXT _dmarc.own.mail.customer.test": ["v=DMARC1; p=none; psd=n"],
    "TXT _dmarc.twice.test": ["v=DMARC1; p=none", "v=DMARC1; p=reject"],
    "TXT _dmarc.other.test": ["v=spf1 -all"],
})  # fmt: skip


@pytest.mark.parametrize(
    ("domain", "organisation"),
    [
        ("customer.test", "customer.test"),
        ("mail.customer.test", "customer.test"),
        ("a.b.c.d.e.f.g.h.i.j.customer.test", "customer.test"),
        ("shop.public.test", "shop.public.test"),
        ("a.shop.public.test", "shop.public.test"),
        ("x.own.mail.customer.test", "own.mail.customer.test"),
        ("nobody.test", "nobody.test"),
        ("twice.test", "twice.test"),
    ],
)
async def test_the_organisation_is_found_by_walking_up(domain: str, organisation: str) -> None:
    assert await organisation_of(ZONE, domain) == organisation


async def test_a_policy_is_the_domains_or_its_organisations() -> None:
    own = await policy_of(ZONE, "customer.test")
    assert (own.published, own.wish, own.strict_dkim, own.strict_spf) == (True, "reject", True, False)
    assert (await policy_of(ZONE, "mail.customer.test")).wish == "quarantine"
    for silent in ("nobody.test", "twice.test", "other.test"):
        assert not (await policy_of(ZONE, silent)).published


async def test_a_long_name_costs_eight_lookups() -> None:
    zone = Zone({})
    await organisation_of(zone, ".".join("abcdefghijklmnopqrstuvwxyz"))
    assert len(zone.asked) == 8


async def test_who_is_of_the_same_house() -> None:
    policy = await policy_of(ZONE, "mail.customer.test")
    assert await aligned(ZONE, policy, "mail.customer.test", "news.customer.test", strict=False)
    assert not await aligned(ZONE, policy, "mail.customer.test", "news.customer.test", strict=True)
    assert await aligned(ZONE, policy, "mail.customer.test", "mail.customer.test", strict=True)
    assert not await aligned(ZONE, policy, "mail.customer.test", "evil.test", strict=False)


def test_without_a_record_only_the_domain_itself_or_one_above_it_vouches() -> None:
    assert vouches("mail.customer.test", "customer.test")
    assert vouches("customer.test", "customer.test")
    assert not vouches("customer.test", "mail.customer.test")
    assert not vouches("customer.test", "test")
    assert not vouches("evilcustomer.test", "customer.test")
