"""The keys of one installation: master keys by number, and two that are never rotated with them."""

import os
from collections.abc import Mapping

import msgspec

KEY_BYTES = 32
HIGHEST_NUMBER = 0xFFFF


class Keyring(msgspec.Struct, frozen=True):
    """Every master key ever used is kept: what it sealed stays readable until it has been rewrapped."""

    master: Mapping[int, bytes]
    current: int
    blind: bytes
    signing: bytes

    def __post_init__(self) -> None:
        if self.current not in self.master:
            raise ValueError(f"master key {self.current} is named as current but is not in the ring")
        if any(not 0 < number <= HIGHEST_NUMBER for number in self.master):
            raise ValueError(f"master keys are numbered 1 to {HIGHEST_NUMBER}")
        if any(len(key) != KEY_BYTES for key in (*self.master.values(), self.blind, self.signing)):
            raise ValueError(f"every key has {KEY_BYTES} bytes")

    def __repr__(self) -> str:
        return f"Keyring(current={self.current}, masters={sorted(self.master)})"

    def rotated(self) -> "Keyring":
        """The same ring with a fresh master key as the current one."""
        number = max(self.master) + 1
        return Keyring({**self.master, number: os.urandom(KEY_BYTES)}, number, self.blind, self.signing)

    def without(self, number: int) -> "Keyring":
        """The ring after a master key was retired: what it alone sealed is gone for good."""
        kept = {n: key for n, key in self.master.items() if n != number}
        return Keyring(kept, self.current, self.blind, self.signing)


def new_keyring() -> Keyring:
    return Keyring({1: os.urandom(KEY_BYTES)}, 1, os.urandom(KEY_BYTES), os.urandom(KEY_BYTES))
