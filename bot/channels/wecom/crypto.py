"""The callback crypto that all WeCom callbacks share: sha1 signature, AES-256-CBC, PKCS#7 to 32.

It verifies before it decrypts and checks every byte it relies on; parsing is not done here."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

BLOCK: Final = 32
HEAD: Final = 20
"""16 random bytes and the length of the message."""
AES_KEY_CHARS: Final = 43


class Forged(ValueError):
    """Not sealed with our keys, or damaged; says nothing about where it failed."""


class Sealed(NamedTuple):
    """An encrypted answer and its signature."""

    encrypt: str
    signature: str


class Crypto:
    """Opens and seals callbacks of one app or bot. receiveid: the CorpID, "" for an aibot.

    Raises ValueError when aes_key is not an EncodingAESKey of 43 characters."""

    __slots__ = ("_cipher", "_receiveid", "_token")

    def __init__(self, token: str, aes_key: str, receiveid: str) -> None:
        self._token = token
        self._receiveid = receiveid.encode()
        self._cipher = _cipher(decode_key(aes_key))

    def __repr__(self) -> str:
        return "Crypto(…)"

    def signature(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """sha1 of the sorted parts, lower-case hex."""
        parts = "".join(sorted((self._token, timestamp, nonce, encrypted)))
        return hashlib.sha1(parts.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()

    def open(self, signature: str, timestamp: str, nonce: str, encrypted: str) -> bytes:
        """The message of a callback; raises Forged for whatever our platform did not send."""
        wanted = self.signature(timestamp, nonce, encrypted).encode()
        if not hmac.compare_digest(wanted, signature.encode("utf-8", "replace")):
            raise Forged
        plain = _unpad(_decrypt(self._cipher, _bytes_of(encrypted)))
        end = HEAD + int.from_bytes(plain[16:HEAD], "big")
        if len(plain) < HEAD or end > len(plain):
            raise Forged
        if not hmac.compare_digest(plain[end:], self._receiveid):
            raise Forged
        return plain[HEAD:end]

    def seal(self, message: bytes, timestamp: str, nonce: str) -> Sealed:
        """Encrypt an answer for the platform."""
        plain = os.urandom(16) + len(message).to_bytes(4, "big") + message + self._receiveid
        gap = BLOCK - len(plain) % BLOCK
        encryptor = self._cipher.encryptor()
        data = encryptor.update(plain + bytes([gap]) * gap) + encryptor.finalize()
        encrypted = base64.b64encode(data).decode()
        return Sealed(encrypted, self.signature(timestamp, nonce, encrypted))

    def open_media(self, data: bytes) -> bytes:
        """A downloaded file that was encrypted with this bot's key; raises Forged."""
        return _unpad(_decrypt(self._cipher, data))


def open_media(key: str, data: bytes) -> bytes:
    """A downloaded file with its own key in base64, "=" perhaps missing; raises Forged."""
    try:
        cipher = _cipher(decode_key(key.rstrip("=")))
    except ValueError:
        raise Forged from None
    return _unpad(_decrypt(cipher, data))


def decode_key(aes_key: str) -> bytes:
    """The 32 bytes of an EncodingAESKey; raises ValueError without repeating the key."""
    try:
        key = base64.b64decode(aes_key.encode("ascii") + b"=", validate=True)
    except (ValueError, binascii.Error):
        key = b""
    if len(aes_key) != AES_KEY_CHARS or len(key) != BLOCK:
        raise ValueError("the EncodingAESKey must be 43 characters of A-Z, a-z, 0-9, + and /")
    return key


def _cipher(key: bytes) -> Cipher[CBC]:
    return Cipher(AES(key), CBC(key[:16]))


def _bytes_of(encrypted: str) -> bytes:
    try:
        return binascii.a2b_base64(encrypted.encode("ascii"), strict_mode=True)
    except (ValueError, binascii.Error):
        raise Forged from None


def _decrypt(cipher: Cipher[CBC], data: bytes) -> bytes:
    if not data or len(data) % 16:
        raise Forged
    decryptor = cipher.decryptor()
    return decryptor.update(data) + decryptor.finalize()


def _unpad(plain: bytes) -> bytes:
    gap = plain[-1]
    if not 1 <= gap <= BLOCK or plain[-gap:] != bytes([gap]) * gap:
        raise Forged
    return plain[:-gap]
