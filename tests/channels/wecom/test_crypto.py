"""The callback crypto against the published vectors and against wechatpy, both ways."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.enterprise.crypto import WeChatCrypto

from bot.channels.wecom.crypto import Crypto, Forged, decode_key, open_media
from tests.fakes.wecom_people import encrypted_media, tags_of

VECTORS: dict[str, dict[str, str]] = json.loads(
    (Path(__file__).parents[2] / "payloads" / "wecom" / "vectors.json").read_text(encoding="utf-8")
)
GET = VECTORS["wecom_get"]
POST = {**GET, **VECTORS["aibot_post"]}
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=200)
IDS = st.sampled_from(["", "ww00112233445566aa", "企业"])


def crypto(receiveid: str = "ww00112233445566aa") -> Crypto:
    return Crypto(GET["token"], GET["aeskey"], receiveid)


@pytest.mark.parametrize("vector", [GET, POST], ids=["app", "aibot"])
def test_the_vectors_open(vector: dict[str, str]) -> None:
    opened = crypto(vector["receiveid"]).open(
        vector["msg_signature"], vector["timestamp"], vector["nonce"], vector["encrypt"]
    )
    assert opened.decode() == vector["plain"]


def test_the_media_vector_opens_with_and_without_padding_of_its_key() -> None:
    vector = VECTORS["aibot_media"]
    data = base64.b64decode(vector["cipher_b64"])
    for key in (vector["aeskey"], vector["aeskey"].rstrip("=")):
        assert open_media(key, data).decode() == vector["plain_utf8"]
    own = Crypto("t", vector["aeskey"].rstrip("="), "")
    assert own.open_media(data).decode() == vector["plain_utf8"]


@given(text=TEXTS, receiveid=IDS, nonce=st.text("0123456789abc", min_size=1, max_size=12))
def test_wechatpy_opens_what_we_seal(text: str, receiveid: str, nonce: str) -> None:
    sealed = crypto(receiveid).seal(text.encode(), "1763700000", nonce)
    reference = WeChatCrypto(GET["token"], GET["aeskey"], receiveid)
    opened = reference.decrypt_message(
        {"Encrypt": sealed.encrypt}, sealed.signature, "1763700000", nonce
    )
    assert opened == text


@given(text=TEXTS, receiveid=IDS)
def test_we_open_what_wechatpy_seals(text: str, receiveid: str) -> None:
    reference = WeChatCrypto(GET["token"], GET["aeskey"], receiveid)
    tags = tags_of(reference.encrypt_message(text, "n1", "1763700000"))
    opened = crypto(receiveid).open(tags["MsgSignature"], "1763700000", "n1", tags["Encrypt"])
    assert opened.decode() == text


@given(data=st.binary(max_size=300))
def test_media_comes_back(data: bytes) -> None:
    assert open_media(GET["aeskey"], encrypted_media(data)) == data


def resealed(plain: bytes, receiveid: str = "") -> tuple[str, str]:
    """Any plaintext, encrypted and signed with the right key."""
    cipher = base64.b64encode(encrypted_media(plain)).decode()
    return cipher, crypto(receiveid).signature("1", "n", cipher)


@pytest.mark.parametrize(
    "plain",
    [b"", b"x" * 19, b"r" * 16 + b"\x00\x00\x00\x09short", b"r" * 16 + b"\xff\xff\xff\xff" + b"x"],
)
def test_a_sealed_body_of_the_wrong_shape_is_refused(plain: bytes) -> None:
    cipher, signature = resealed(plain)
    with pytest.raises(Forged):
        crypto("").open(signature, "1", "n", cipher)


def test_another_receiver_is_refused() -> None:
    sealed = crypto("ww00112233445566aa").seal(b"hello", "1", "n")
    with pytest.raises(Forged):
        crypto("wwffffffffffffffff").open(sealed.signature, "1", "n", sealed.encrypt)


def test_wrong_padding_is_refused() -> None:
    reference = crypto("")
    data = bytearray(base64.b64decode(reference.seal(b"hello", "1", "n").encrypt))
    data[-17] ^= 1
    cipher = base64.b64encode(bytes(data)).decode()
    with pytest.raises(Forged):
        reference.open(reference.signature("1", "n", cipher), "1", "n", cipher)


@given(
    field=st.sampled_from(["signature", "timestamp", "nonce", "encrypt"]),
    junk=st.text(max_size=80),
)
def test_every_changed_part_is_refused(field: str, junk: str) -> None:
    right = {
        "signature": GET["msg_signature"], "timestamp": GET["timestamp"],
        "nonce": GET["nonce"], "encrypt": GET["encrypt"],
    }  # fmt: skip
    changed = {**right, field: junk}
    if changed != right:
        with pytest.raises(Forged):
            crypto().open(
                changed["signature"], changed["timestamp"], changed["nonce"], changed["encrypt"]
            )


@pytest.mark.parametrize("junk", ["", "no base64!", "YWJj", "é" * 8, "A" * 21])
def test_signed_junk_is_refused(junk: str) -> None:
    with pytest.raises(Forged):
        crypto().open(crypto().signature("1", "n", junk), "1", "n", junk)


@pytest.mark.parametrize("key", ["", "short", "A" * 42, "A" * 44, "!" * 43, "键" * 43])
def test_a_wrong_key_is_named_but_not_repeated(key: str) -> None:
    with pytest.raises(ValueError, match="EncodingAESKey") as caught:
        decode_key(key)
    assert not key or key not in str(caught.value)


def test_nothing_secret_is_shown() -> None:
    shown = repr(crypto()) + str(crypto())
    assert GET["token"] not in shown
    assert GET["aeskey"] not in shown


@pytest.mark.parametrize("key", ["", "x", "A" * 42])
def test_media_with_a_broken_key_is_refused(key: str) -> None:
    with pytest.raises(Forged):
        open_media(key, b"0" * 32)


@pytest.mark.parametrize("data", [b"", b"x" * 31, b"\0" * 32])
def test_broken_media_is_refused(data: bytes) -> None:
    with pytest.raises(Forged):
        crypto().open_media(data)


def test_the_vector_file_is_the_shared_one() -> None:
    wanted: dict[str, Any] = {"token": "wangge", "timestamp": "1763700000", "nonce": "n0nce7"}
    assert {key: GET[key] for key in wanted} == wanted
