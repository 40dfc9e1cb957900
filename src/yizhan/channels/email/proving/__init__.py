"""Sender authentication: SPF, DKIM, ARC and DMARC, by our receiving host or by ourselves.

Signatures are checked without network, with keys looked up before; names go through the port `Dns`.
"""

from yizhan.channels.email.proving.judging import by_server
from yizhan.channels.email.proving.lookups import SystemDns
from yizhan.channels.email.proving.ports import Dns, DnsTrouble
from yizhan.channels.email.proving.service import Check, prove_sender
from yizhan.channels.email.proving.signatures import Keys, Seals, Signature, Signatures, check

__all__ = [
    "Check",
    "Dns",
    "DnsTrouble",
    "Keys",
    "Seals",
    "Signature",
    "Signatures",
    "SystemDns",
    "by_server",
    "check",
    "prove_sender",
]
