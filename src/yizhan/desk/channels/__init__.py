"""Channels 渠道: the contract each is written against, and what all of them share.

`model` what is said through it, `contract` what an adapter is, `taking` makes what was heard durable, `pulling` asks
vendors that do not call, `enriching` asks who newcomers are, `media` fetches what lies at theirs, tokens are
`foundation.tokens`'. The reply windows are `records.outbox`'s, the queue is `desk.outbound`'s.
"""

from yizhan.desk.channels import told
from yizhan.desk.channels.calling import again, call, failed, pause, throttled, understood
from yizhan.desk.channels.contract import (
    Adapter,
    Line,
    MediaGone,
    SignatureRefused,
    TokenRefused,
    with_token,
)
from yizhan.desk.channels.enriching import Enricher
from yizhan.desk.channels.faces import Faces, bracketed
from yizhan.desk.channels.fields import BASE_URL, TIMEOUT
from yizhan.desk.channels.media import MEDIA_KINDS, MediaFetcher
from yizhan.desk.channels.model import (
    SAME_WORDS,
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
    MediaKind,
    Nudge,
    Pulled,
    Recall,
    Reply,
    ReportState,
    Request,
    SetupStep,
    TextParts,
    Words,
)
from yizhan.desk.channels.policy import dedupe_key, inbound_of
from yizhan.desk.channels.pulling import Puller
from yizhan.desk.channels.sendable import OWN, Piece, ensure_sendable, filled, kind_of_type, pieces
from yizhan.desk.channels.sending import VendorSender
from yizhan.desk.channels.service import forget_old, rewrap_refs, stand
from yizhan.desk.channels.taking import NUDGED, HearWords, Taking
from yizhan.desk.channels.texting import TextFailed, Texting, Wording, blanks_of
from yizhan.desk.channels.voice import RENDER, render_spoken, run_rendering
from yizhan.desk.channels.writing import Writing
from yizhan.foundation.tokens import Granted, Tokens

__all__ = [
    "BASE_URL",
    "MEDIA_KINDS",
    "NUDGED",
    "OWN",
    "RENDER",
    "SAME_WORDS",
    "TIMEOUT",
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
    "MediaKind",
    "Nudge",
    "Piece",
    "Pulled",
    "Puller",
    "Recall",
    "Reply",
    "ReportState",
    "Request",
    "SetupStep",
    "SignatureRefused",
    "Taking",
    "TextFailed",
    "TextParts",
    "Texting",
    "TokenRefused",
    "Tokens",
    "VendorSender",
    "Wording",
    "Words",
    "Writing",
    "again",
    "blanks_of",
    "bracketed",
    "call",
    "dedupe_key",
    "ensure_sendable",
    "failed",
    "filled",
    "forget_old",
    "inbound_of",
    "kind_of_type",
    "pause",
    "pieces",
    "render_spoken",
    "rewrap_refs",
    "run_rendering",
    "stand",
    "throttled",
    "told",
    "understood",
    "with_token",
]
