"""The child process around the platform's native archive library, by ctypes.

It reads settings and {"after": seq} lines from stdin and writes one line a record; if the library
aborts, only this process dies. Nothing is stored or logged here."""

from __future__ import annotations

import base64
import ctypes
import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any, Final, TextIO

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

PAGE: Final = 1_000
TIMEOUT_S: Final = 20
NOT_LOADED: Final = 1


class Refused(Exception):
    """The library answered with a code."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(str(code))


class Library:
    """The few calls of the C interface that are needed; strings stay in its own slices."""

    def __init__(self, path: str, corp_id: str, secret: str) -> None:
        try:
            self._c = ctypes.CDLL(path)
        except OSError:
            raise Refused(NOT_LOADED) from None
        for name in ("NewSdk", "NewSlice", "GetContentFromSlice"):
            getattr(self._c, name).restype = ctypes.c_void_p
        self._sdk = ctypes.c_void_p(self._c.NewSdk())
        if code := self._c.Init(self._sdk, corp_id.encode(), secret.encode()):
            raise Refused(code)

    def page(self, after: int) -> list[dict[str, Any]]:
        """Encrypted records behind a seq. Raises Refused."""
        seq, most, wait = ctypes.c_ulonglong(after), ctypes.c_uint(PAGE), ctypes.c_int(TIMEOUT_S)
        answer = json.loads(self._sliced("GetChatData", self._sdk, seq, most, b"", b"", wait))
        if answer.get("errcode"):
            raise Refused(int(answer["errcode"]))
        found: list[dict[str, Any]] = answer.get("chatdata") or []
        return found

    def decrypt(self, key: bytes, message: str) -> dict[str, Any]:
        """One message with its own key. Raises Refused, ValueError."""
        found = json.loads(self._sliced("DecryptData", key, message.encode()))
        if not isinstance(found, dict):
            raise TypeError
        return found

    def _sliced(self, name: str, *arguments: Any) -> bytes:
        held = ctypes.c_void_p(self._c.NewSlice())
        try:
            if code := getattr(self._c, name)(*arguments, held):
                raise Refused(code)
            size = self._c.GetSliceLen(held)
            return ctypes.string_at(self._c.GetContentFromSlice(held), size)
        finally:
            self._c.FreeSlice(held)


def records(
    library: Library, keys: Mapping[str, rsa.RSAPrivateKey], after: int
) -> Iterator[dict[str, Any]]:
    """Lines for one page; a record that does not open has no "record"."""
    for row in library.page(after):
        line: dict[str, Any] = {"seq": int(row["seq"])}
        key = keys.get(str(row.get("publickey_ver")))
        try:
            if key is not None:
                sealed = base64.b64decode(row["encrypt_random_key"])
                opened = key.decrypt(sealed, padding.PKCS1v15())
                line["record"] = library.decrypt(opened, row["encrypt_chat_msg"])
        except (Refused, ValueError, TypeError, KeyError):
            line.pop("record", None)
        yield line


def main(lines: TextIO = sys.stdin, out: TextIO = sys.stdout) -> None:
    """Serve until stdin ends."""
    settings = json.loads(lines.readline())
    library: Library | None = None
    keys = {v: _key(pem) for v, pem in settings["private_keys"].items()}
    for line in lines:
        end: dict[str, int] = {"seq": 0}
        try:
            path, corp_id, secret = (settings[k] for k in ("library", "corp_id", "secret"))
            library = library or Library(path, corp_id, secret)
            for record in records(library, keys, int(json.loads(line)["after"])):
                print(json.dumps(record), file=out)
        except Refused as refused:
            end["error"] = refused.code
        print(json.dumps(end), file=out, flush=True)


def _key(pem: str) -> rsa.RSAPrivateKey:
    key = load_pem_private_key(pem.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


if __name__ == "__main__":
    main()
