"""Web Push against the published vectors, and read by a subscriber that is not ours to change."""

import orjson
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from federation.errors import Malformed
from federation.web_push import (
    PLAIN_BYTES_MAX,
    Keys,
    encrypt,
    encrypt_old,
    from_base64,
    generate_key,
    load_private,
    message,
    point_of,
    private_bytes,
    read_keys,
    to_base64,
    vapid_token,
)
from tests.federation.subscriber import Subscriber

# RFC 8291, section 5 and appendix A.
PLAIN = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RECEIVER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
RECEIVER_POINT = (
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
)
SALT, AUTH = "DGv6ra1nlYgDCS1FRnbzlw", "BTBZMqHH6r4Tts7J_aSIgg"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
    "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qu"
    "lcy4a-fN"
)
# draft-ietf-webpush-encryption-04, section 5.
OLD_PLAIN = b"I am the walrus"
OLD_RECEIVER = "9FWl15_QUQAWDaD3k3l50ZBZQJ4au27F1V4F0uLSD_M"
OLD_SENDER = "nCScek-QpEjmOOlT-rQ38nZzvdPlqa00Zy0i6m2OJvY"
OLD_SALT, OLD_AUTH = "lngarbyKfMoi9Z75xYXmkg", "R29vIGdvbyBnJyBqb29iIQ"
OLD_BODY = "6nqAQUME8hNqw5J3kl8cpVVJylXKYqZOeseZG8UueKpA"


def test_the_vector_of_rfc_8291() -> None:
    keys = read_keys(RECEIVER_POINT, AUTH)
    made = encrypt(keys, PLAIN, own=load_private(from_base64(SENDER)), salt=from_base64(SALT))
    assert to_base64(made) == BODY
    subscriber = Subscriber(load_private(from_base64(RECEIVER)), from_base64(AUTH))
    assert subscriber.read(from_base64(BODY), {"content-encoding": "aes128gcm"}) == PLAIN


def test_the_vector_of_the_older_encoding() -> None:
    receiver = load_private(from_base64(OLD_RECEIVER))
    keys = Keys(point_of(receiver.public_key()), from_base64(OLD_AUTH))
    own, salt = load_private(from_base64(OLD_SENDER)), from_base64(OLD_SALT)
    body, headers = encrypt_old(keys, OLD_PLAIN, own=own, salt=salt)
    assert to_base64(body) == OLD_BODY
    assert headers["Encryption"] == f"salt={OLD_SALT}"


@pytest.mark.parametrize("standard", [True, False])
@pytest.mark.parametrize("size", [0, 1, PLAIN_BYTES_MAX])
def test_what_is_encrypted_is_read_by_its_subscriber_alone(standard: bool, size: int) -> None:
    device, other = Subscriber(), Subscriber()
    keys = read_keys(device.keys["p256dh"], device.keys["auth"])
    plain = b"x" * size
    body, headers = message(keys, plain, standard=standard, vapid="a.b.c", server_key="key")
    assert device.read(body, headers) == plain
    assert len(body) <= 4_096
    assert plain not in body or size < 2
    again, _ = message(keys, plain, standard=standard, vapid="a.b.c", server_key="key")
    assert again != body
    with pytest.raises(InvalidTag):
        other.read(body, headers)
    with pytest.raises(InvalidTag):
        device.read(body[:-1] + bytes([body[-1] ^ 1]), headers)


def test_both_ways_of_saying_who_sends() -> None:
    keys = read_keys(RECEIVER_POINT, AUTH)
    _, new = message(keys, b"x", standard=True, vapid="a.b.c", server_key="key")
    assert new == {"Content-Encoding": "aes128gcm", "Authorization": "vapid t=a.b.c, k=key"}
    _, old = message(keys, b"x", standard=False, vapid="a.b.c", server_key="key")
    assert old["Authorization"] == "WebPush a.b.c"
    assert old["Crypto-Key"].startswith("dh=")
    assert old["Crypto-Key"].endswith(";p256ecdsa=key")


def test_the_signed_token_says_to_whom_and_until_when() -> None:
    key = load_private(private_bytes(generate_key()))
    made = vapid_token(key, audience="https://push.example", subject="https://n/", expires_s=9)
    signed, _, signature = made.rpartition(".")
    raw = from_base64(signature)
    assert len(raw) == 64
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    point = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point_of(key.public_key()))
    point.verify(der, signed.encode(), ECDSA(SHA256()))
    head, claims = (orjson.loads(from_base64(part)) for part in signed.split("."))
    assert head == {"typ": "JWT", "alg": "ES256"}
    assert claims == {"aud": "https://push.example", "exp": 9, "sub": "https://n/"}


@pytest.mark.parametrize(
    ("p256dh", "auth", "name"),
    [
        ("", AUTH, "p256dh"),
        ("é", AUTH, "p256dh"),
        (to_base64(b"\x04" + b"\x00" * 64), AUTH, "p256dh"),
        (to_base64(b"\x02" + from_base64(RECEIVER_POINT)[1:33]), AUTH, "p256dh"),
        (RECEIVER_POINT, "", "auth"),
        (RECEIVER_POINT, "A", "auth"),
        (RECEIVER_POINT, to_base64(b"x" * 15), "auth"),
    ],
)
def test_what_is_no_key_is_refused(p256dh: str, auth: str, name: str) -> None:
    with pytest.raises(Malformed) as refusal:
        read_keys(p256dh, auth)
    assert refusal.value.params["name"] == name
    padded = read_keys(f"{RECEIVER_POINT}=", f"{AUTH}==")
    assert padded == read_keys(RECEIVER_POINT, AUTH)
