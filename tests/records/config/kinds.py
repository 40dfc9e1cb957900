"""Two small kinds, one of which refers to the other."""

from collections.abc import Iterable

import msgspec

from yizhan.foundation.errors import Invalid
from yizhan.records.config import Kind, Kinds, Ref


class Queue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    most: int = 100


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    minutes: int


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    queue: str
    targets: tuple[Target, ...] = ()


def check_policy(policy: Policy) -> None:
    for place, target in enumerate(policy.targets):
        if target.minutes <= 0:
            raise Invalid("a target needs time", f"targets[{place}].minutes")


def queue_of(policy: Policy) -> Iterable[Ref]:
    return [Ref("queue", policy.queue)]


QUEUE = Kind("queue", Queue)
POLICY = Kind("sla_policy", Policy, check_policy, queue_of)
KINDS = Kinds([QUEUE, POLICY])
