"""Secrets at rest and tokens in the open: sealing, keys of contacts, blind indexes, signatures.

Nothing is sealed without saying what it belongs to: `aad` binds a sealed value to its row, so that a value copied
to another row does not open there.
"""

from yizhan.foundation.crypto.keyfile import KeyfileError, load_keys, load_or_make_keys, replace_keys
from yizhan.foundation.crypto.keyring import Keyring, new_keyring
from yizhan.foundation.crypto.secrets import OwnedSecrets
from yizhan.foundation.crypto.signer import Signer
from yizhan.foundation.crypto.vault import OVERHEAD, DataKey, Unreadable, Vault, same

__all__ = [
    "OVERHEAD",
    "DataKey",
    "KeyfileError",
    "Keyring",
    "OwnedSecrets",
    "Signer",
    "Unreadable",
    "Vault",
    "load_keys",
    "load_or_make_keys",
    "new_keyring",
    "replace_keys",
    "same",
]
