"""The child process around the platform's native archive library, by ctypes.

Each line of stdin asks for records, for one record again, or for a file; the answer is some lines
and one with "end". If the library aborts, only this process dies. Nothing is stored or logged."""

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
NOT_LOADED, NO_KEY = 1, 2
POINTERS: Final = (
    "NewSdk", "NewSlice", "GetContentFromSlice", "NewMediaData", "GetData", "GetOutIndexBuf",
)  # fmt: skip

Line = dict[str, Any]
Keys = Mapping[str, rsa.RSAPrivateKey]


class Refused(Exception):
    """The library answered with a code."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(str(code))


class Library:
    """The few calls of the C interface that are needed; strings stay in its own buffers."""

    def __init__(self, path: str, corp_id: str, secret: str) -> None:
        try:
            self._c = ctypes.CDLL(path)
        except OSError:
            raise Refused(NOT_LOADED) from None
        for name in POINTERS:
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
        """One message with its own key. Raises Refused, ValueError, TypeError."""
        found = json.loads(self._sliced("DecryptData", key, message.encode()))
        if not isinstance(found, dict):
            raise TypeError
        return found

    def media(self, fileid: str) -> Iterator[bytes]:
        """A file in pieces of at most 512 KB. Raises Refused."""
        index, wait, more = b"", ctypes.c_int(TIMEOUT_S), True
        while more:
            held = ctypes.c_void_p(self._c.NewMediaData())
            try:
                if code := self._c.GetMediaData(
                    self._sdk, index, fileid.encode(), b"", b"", wait, held
                ):
                    raise Refused(code)
                yield ctypes.string_at(self._c.GetData(held), self._c.GetDataLen(held))
                more = not self._c.IsMediaDataFinish(held)
                index = ctypes.string_at(self._c.GetOutIndexBuf(held)) if more else b""
            finally:
                self._c.FreeMediaData(held)

    def _sliced(self, name: str, *arguments: Any) -> bytes:
        held = ctypes.c_void_p(self._c.NewSlice())
        try:
            if code := getattr(self._c, name)(*arguments, held):
                raise Refused(code)
            size = self._c.GetSliceLen(held)
            return ctypes.string_at(self._c.GetContentFromSlice(held), size)
        finally:
            self._c.FreeSlice(held)


def opened(library: Library, keys: Keys, row: Mapping[str, Any]) -> Line:
    """A record with its text, or why it does not open."""
    version = str(row.get("publickey_ver"))
    line: Line = {"seq": int(row["seq"])}
    key = keys.get(version)
    if key is None:
        return {**line, "why": f"no private key of version {version}"}
    try:
        sealed = key.decrypt(base64.b64decode(row["encrypt_random_key"]), padding.PKCS1v15())
        return {**line, "record": library.decrypt(sealed, row["encrypt_chat_msg"])}
    except Refused as refused:
        return {**line, "why": f"the library cannot decrypt it ({refused.code})"}
    except (ValueError, TypeError, KeyError) as error:
        return {**line, "why": f"it cannot be decrypted ({type(error).__name__})"}


def answer(library: Library, keys: Keys, question: Mapping[str, Any]) -> Iterator[Line]:
    """The lines for one question. A row goes out before it is opened: should the library die of
    it, whoever asked knows which one it was."""
    if "media" in question:
        for piece in library.media(question["media"]):
            yield {"data": base64.b64encode(piece).decode()}
        return
    rows = [question["open"]] if "open" in question else library.page(int(question["after"]))
    for row in rows:
        yield {"seq": row["seq"], "row": row}
        yield opened(library, keys, row)


def main(lines: TextIO = sys.stdin, out: TextIO = sys.stdout) -> None:
    """Serve until stdin ends."""
    settings = json.loads(lines.readline())
    library: Library | None = None
    for line in lines:
        end: Line = {"end": True}
        try:
            keys = _keys(settings["private_keys"])
            path, corp_id, secret = (settings[k] for k in ("library", "corp_id", "secret"))
            library = library or Library(path, corp_id, secret)
            for part in answer(library, keys, json.loads(line)):
                print(json.dumps(part), file=out, flush=True)
        except Refused as refused:
            end["error"] = refused.code
        print(json.dumps(end), file=out, flush=True)


def _keys(pems: Mapping[str, str]) -> Keys:
    """By version; raises Refused for one that is none."""
    found = {}
    for version, pem in pems.items():
        try:
            key = load_pem_private_key(pem.encode(), None)
        except (ValueError, TypeError):
            raise Refused(NO_KEY) from None
        if not isinstance(key, rsa.RSAPrivateKey):
            raise Refused(NO_KEY)
        found[version] = key
    return found


if __name__ == "__main__":
    main()
