"""Channels 渠道: the contract each is written against, and what all of them share.

`model` what is said through it, `contract` what an adapter is, `taking` makes what was heard durable, `pulling` asks
vendors that do not call, `enriching` asks who newcomers are, `media` fetches what lies at theirs, `tokens` keeps one
living access token each. The reply windows are `records.outbox`'s, the queue is `desk.outbound`'s.
"""

from yizhan.desk.channels import told
from yizhan.desk.channels.calling import again, call, pause, throttled, understood
from yizhan.desk.channels.contract import (
    Adapter,
    Granted,
    Line,
    MediaGone,
    SignatureRefused,
    TokenRefused,
    with_token,
)
from yizhan.desk.channels.enriching import Enricher
from yizhan.desk.channels.faces import Faces, bracketed
from yizhan.desk.channels.media import MEDIA_KINDS, MediaFetcher
from yizhan.desk.channels.model import (
    Account,
    Arrival,
    Capabilities,
    ChannelEvent,
    ChannelTemplate,
    DeliveryReport,
    Fetched,
    FileLimit,
    FormField,
    Happening,
    Heard,
    Media,
    Nudge,
    Pulled,
    Recall,
    Reply,
    Request,
    SetupStep,
    TextParts,
    Words,
)
from yizhan.desk.channels.policy import dedupe_key, inbound_of
from yizhan.desk.channels.pulling import Puller
from yizhan.desk.channels.sendable import OWN, Piece, ensure_sendable, filled, pieces
from yizhan.desk.channels.service import forget_old, rewrap_refs, stand
from yizhan.desk.channels.taking import NUDGED, HearWords, Taking
from yizhan.desk.channels.tokens import Tokens
from yizhan.desk.channels.voice import RENDER, run_rendering
from yizhan.desk.channels.writing import Writing

__all__ = [
    "MEDIA_KINDS",
    "NUDGED",
    "OWN",
    "RENDER",
    "Account",
    "Adapter",
    "Arrival",
    "Capabilities",
    "ChannelEvent",
    "ChannelTemplate",
    "DeliveryReport",
    "Enricher",
    "Faces",
    "Fetched",
    "FileLimit",
    "FormField",
    "Granted",
    "Happening",
    "HearWords",
    "Heard",
    "Line",
    "Media",
    "MediaFetcher",
    "MediaGone",
    "Nudge",
    "Piece",
    "Pulled",
    "Puller",
    "Recall",
    "Reply",
    "Request",
    "SetupStep",
    "SignatureRefused",
    "Taking",
    "TextParts",
    "TokenRefused",
    "Tokens",
    "Words",
    "Writing",
    "again",
    "bracketed",
    "call",
    "dedupe_key",
    "ensure_sendable",
    "filled",
    "forget_old",
    "inbound_of",
    "pause",
    "pieces",
    "rewrap_refs",
    "run_rendering",
    "stand",
    "throttled",
    "told",
    "understood",
    "with_token",
]
