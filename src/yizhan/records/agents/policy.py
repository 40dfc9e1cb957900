"""Who may give whom what, and which states an agent may take by itself. Pure."""

from collections.abc import Collection

from yizhan.foundation.errors import Forbidden, IllegalTransition
from yizhan.records.agents.model import Permission, PresenceState, Scope, Viewer

P = Permission

_SERVING = (P.TICKET_READ, P.TICKET_WRITE, P.MESSAGE_REPLY, P.CUSTOMER_READ, P.BLOCK_SET)
_LEADING = (
    *_SERVING, P.CUSTOMER_WRITE, P.CUSTOMER_MERGE, P.CUSTOMER_REVEAL, P.WORDS_APPROVE, P.TAG_MANAGE,
)  # fmt: skip
_COMPLAINTS = (P.COMPLAINT_MANAGE, P.COMPLAINT_CLOSE)
_SUPERVISING = (
    *_LEADING, P.SUPERVISE, *_COMPLAINTS, P.BLOCK_KEEP, P.AUDIT_READ, P.CONFIG_MANAGE, P.API_TOKEN, P.CUSTOMER_IMPORT,
    P.CONNECTOR_WRITE, P.COUNTER_SERVE, P.CUSTOMER_EXPORT,
)  # fmt: skip

PRESETS: dict[str, tuple[str, Scope, tuple[Permission, ...]]] = {
    "agent": ("客服", Scope.TEAM, (*_SERVING, P.CUSTOMER_WRITE, P.CUSTOMER_MERGE)),
    "agent_own": ("客服(仅本人)", Scope.OWN, (*_SERVING, P.CUSTOMER_WRITE, P.CUSTOMER_MERGE)),
    "lead": ("组长", Scope.TEAM, (*_LEADING, P.SUPERVISE, P.COMPLAINT_MANAGE)),
    "supervisor": ("主管", Scope.ALL, _SUPERVISING),
    "specialist": ("客诉专员", Scope.ALL, (*_LEADING, *_COMPLAINTS)),
    "legal": ("法务", Scope.ALL, (P.TICKET_READ, P.TICKET_WRITE, P.CUSTOMER_READ, P.CUSTOMER_REVEAL, *_COMPLAINTS)),
    "shop": ("门店", Scope.OWN, (P.COUNTER_SERVE,)),
    "admin": ("管理员", Scope.ALL, tuple(Permission)),
}  # fmt: skip
"""The roles of a new installation: name, scope, permissions."""

# 通话中 and 话后整理 come from the phone; an agent only ever leaves them.
_OWN_STATES = frozenset({PresenceState.ONLINE, PresenceState.BUSY, PresenceState.BREAK, PresenceState.OFFLINE})

_WIDTH = {Scope.OWN: 0, Scope.TEAM: 1, Scope.BRAND: 2, Scope.ALL: 3}


def ensure_own_state(current: PresenceState, wanted: PresenceState) -> None:
    """During a call the state is the call's; otherwise an agent says for itself whether it is there."""
    if wanted not in _OWN_STATES or current is PresenceState.CALL:
        raise IllegalTransition(current, wanted)


def ensure_may_grant(granter: Viewer, permissions: Collection[str], scope: Scope) -> None:
    """Nobody gives away more than he has: managing people is not a way up."""
    beyond = sorted(set(permissions) - granter.permissions)
    if beyond or _WIDTH[scope] > _WIDTH[granter.scope]:
        raise Forbidden(f"this role holds more than yours: {', '.join(beyond) or f'scope {scope}'}")
