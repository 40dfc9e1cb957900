from yizhan.foundation.errors import Conflict, DomainError, IllegalTransition, Invalid, NotFound, RateLimited


def test_says_its_code_when_there_is_nothing_else_to_say() -> None:
    assert str(NotFound()) == NotFound().message == "not_found"
    assert str(NotFound("no such ticket")) == "no such ticket"


def test_carries_what_the_caller_needs_to_go_on() -> None:
    assert Invalid("too short", field="name").field == "name"
    assert RateLimited(2.5).retry_after == 2.5
    refused = IllegalTransition("solved", "offer")
    assert (refused.state, refused.action) == ("solved", "offer")


def test_every_kind_has_a_code_of_its_own() -> None:
    kinds: list[type[DomainError]] = [DomainError, *DomainError.__subclasses__()]
    codes = [kind.code for kind in kinds]
    assert Conflict.code in codes
    assert len(set(codes)) == len(codes)
