"""The document `identity_kind`: one for the whole house, its faults found when it is saved."""

from __future__ import annotations

from collections.abc import Mapping

from yizhan.foundation.errors import Invalid
from yizhan.records import contacts
from yizhan.records.config import DEFAULT, Kind, Published
from yizhan.records.contacts import SHIPPED, IdentityKind, IdentityKinds

_NEEDED = {each.key: each for each in SHIPPED.kinds}
"""The product itself keeps identifiers of these kinds; how they are read is not for the house to say."""


def check(document: IdentityKinds) -> None:
    """Raises Invalid with the place of the fault."""
    seen: set[str] = set()
    for place, kind in enumerate(document.kinds):
        path = f"kinds[{place}]"
        if kind.key in seen:
            raise Invalid(f"two kinds have the key {kind.key}", f"{path}.key")
        seen.add(kind.key)
        _check_kind(kind, path)
    for key in _NEEDED:
        if key not in seen:
            raise Invalid(f"the kind {key} cannot be left out: customers are known by it", "kinds")


def _check_kind(kind: IdentityKind, path: str) -> None:
    shipped = _NEEDED.get(kind.key)
    if shipped is not None and (kind.form, kind.prefixed) != (shipped.form, shipped.prefixed):
        raise Invalid(
            f"how {kind.key} is written stays as it is: what is kept could not be found again", f"{path}.form"
        )
    if shipped is not None and kind.links and not shipped.links:
        raise Invalid(f"{kind.key} belongs to several people: it can never make two contacts one", f"{path}.links")
    if kind.rank == contacts.PRIMARY and kind.key in ("caller", "visitor", "device", "nickname"):
        raise Invalid(f"{kind.key} proves nothing: it stays auxiliary", f"{path}.rank")
    if kind.key == "phone" and kind.fresh_days is None:
        raise Invalid("numbers are given to somebody else: say for how many days one proves who has it",
                      f"{path}.fresh_days")  # fmt: skip
    if kind.fresh_days is not None and kind.rank != contacts.PRIMARY:
        raise Invalid("what proves nothing does not grow old either: leave out fresh_days", f"{path}.fresh_days")


def _check_together(documents: Mapping[str, IdentityKinds]) -> None:
    for name in documents:
        if name != DEFAULT:
            raise Invalid(f"there is one list for the whole house, named {DEFAULT}", f"identity_kind/{name}")


IDENTITY_KIND = Kind(
    "identity_kind", IdentityKinds, check, check_together=_check_together, default=SHIPPED,
    title=("身份标识类型", "Kinds of identifiers"),
)  # fmt: skip


class KindBook:
    """Follows the release; what it takes is in force for the whole process."""

    def take(self, published: Published) -> None:
        contacts.use(published.find(IDENTITY_KIND, DEFAULT))
