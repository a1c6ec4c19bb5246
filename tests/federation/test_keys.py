"""Keys: what may come in over the wire, and what rests on our disk."""

import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import Malformed, Misconfigured
from federation.keys import (
    PrivateKey,
    decrypt_private,
    encrypt_private,
    generate_ed25519,
    generate_rsa,
    load_public_pem,
    make_secret,
    public_pem,
    read_secret,
)
from federation.multikeys import (
    base58_decode,
    base58_encode,
    load_public_multibase,
    public_multibase,
)

KEY_ID = "https://good.test/users/alice#main-key"
SECRET = bytes(range(32))
RFC_9421_MULTIKEY = "z6Mkh4LmfP1ev9MNPGr7JbEbtD6BD4fsu1duEj83PMCs3xHG"


@pytest.fixture(scope="module")
def rsa_key() -> PrivateKey:
    return PrivateKey(KEY_ID, generate_rsa())


@pytest.fixture(scope="module")
def ed25519_key() -> PrivateKey:
    return PrivateKey("https://good.test/actor#ed25519", generate_ed25519())


@pytest.mark.parametrize(
    ("name", "algorithm", "cavage", "message"),
    [
        ("rsa_key", "rsa", "rsa-sha256", "rsa-v1_5-sha256"),
        ("ed25519_key", "ed25519", "ed25519", "ed25519"),
    ],
)
def test_the_type_of_the_key_decides_the_algorithm(
    name: str, algorithm: str, cavage: str, message: str, request: pytest.FixtureRequest
) -> None:
    key: PrivateKey = request.getfixturevalue(name)
    public = key.public("https://good.test/users/alice")
    assert key.algorithm == public.algorithm == algorithm
    assert (key.cavage_algorithm, key.message_algorithm) == (cavage, message)
    signature = key.sign(b"text")
    assert public.verify(signature, b"text")
    assert not public.verify(signature, b"texts")
    assert not public.verify(signature[:-1], b"text")
    assert not public.verify(b"", b"text")
    assert not public.verify(signature + b"\0", b"text")


def test_a_public_pem_is_read_back(rsa_key: PrivateKey) -> None:
    public = rsa_key.public("x").key
    pem = public_pem(public)
    assert pem.startswith("-----BEGIN PUBLIC KEY-----\n")
    assert load_public_pem(pem) == public
    assert load_public_pem("\n  " + pem.replace("\n", "\r\n") + "\n\n") == public
    pkcs1 = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.PKCS1
    ).decode()
    assert load_public_pem(pkcs1) == public


def test_anything_around_the_pem_is_refused(rsa_key: PrivateKey) -> None:
    pem = public_pem(rsa_key.public("x").key).strip()
    other = public_pem(generate_rsa().public_key()).strip()
    for text in (
        f"{pem}\ngarbage",
        f"{pem}\n{other}",
        f"garbage\n{pem}",
        f"Proc-Type: 4\n\n{pem}",
        pem.replace("-----END PUBLIC KEY-----", ""),
        pem.replace("PUBLIC", "PRIVATE"),
        pem[:60] + "\0" + pem[60:],
        pem[:40] + "é" + pem[40:],
        pem[:200] + "\n-----END PUBLIC KEY-----",
        "",
        "x" * 5000,
    ):
        with pytest.raises(Malformed) as refused:
            load_public_pem(text)
        assert refused.value.code == "key.malformed"


def test_only_rsa_keys_of_a_sound_size_are_taken() -> None:
    private = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    with pytest.raises(Malformed) as small:
        load_public_pem(public_pem(private.public_key()))
    assert small.value.code == "key.size"
    assert "1024" in str(small.value)
    modulus = (1 << 8999) + 1
    with pytest.raises(Malformed) as large:
        load_public_pem(public_pem(rsa.RSAPublicNumbers(65537, modulus).public_key()))
    assert large.value.code == "key.size"
    slow = rsa.RSAPublicNumbers((1 << 500) + 1, (1 << 2047) + 1).public_key()
    with pytest.raises(Malformed) as exponent:
        load_public_pem(public_pem(slow))
    assert exponent.value.code == "key.malformed"


def test_keys_that_are_not_rsa_are_refused_as_such(ed25519_key: PrivateKey) -> None:
    curve = ec.generate_private_key(ec.SECP256R1()).public_key()
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    for pem in (
        public_pem(ed25519_key.public("x").key),
        curve.public_bytes(serialization.Encoding.PEM, spki).decode(),
    ):
        with pytest.raises(Malformed) as refused:
            load_public_pem(pem)
        assert refused.value.code == "key.not_rsa"


@given(st.text(max_size=300))
def test_any_text_is_a_key_or_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        load_public_pem(f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----")
    with pytest.raises(Malformed):
        load_public_multibase(f"z{text}")


def test_a_multikey_is_read_back(ed25519_key: PrivateKey) -> None:
    public = ed25519_key.public("x").key
    assert isinstance(public, Ed25519PublicKey)
    text = public_multibase(public)
    assert text.startswith("z6Mk")
    assert load_public_multibase(text) == public


def test_a_known_multikey_is_read() -> None:
    # The Ed25519 key of RFC 9421 B.1.4.
    raw = bytes.fromhex("26b40b8f93fff3d897112f7ebc582b232dbd72517d082fe83cfb30ddce43d1bb")
    assert public_multibase(Ed25519PublicKey.from_public_bytes(raw)) == RFC_9421_MULTIKEY
    assert load_public_multibase(RFC_9421_MULTIKEY).public_bytes_raw() == raw
    with pytest.raises(Malformed):
        load_public_multibase(RFC_9421_MULTIKEY + "1")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "z",
        "u7QFB",
        "6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw",
        "z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMs",
        "z0MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw",
        "z" + base58_encode(b"\x12\x05" + b"x" * 32),
        "z" + base58_encode(b"\xed\x01" + b"x" * 31),
        "z" + "1" * 100_000,
    ],
)
def test_what_is_no_ed25519_multikey_is_refused(text: str) -> None:
    with pytest.raises(Malformed) as refused:
        load_public_multibase(text)
    assert refused.value.code == "multikey.malformed"


@given(st.binary(max_size=40))
def test_base58_is_read_back(data: bytes) -> None:
    assert base58_decode(base58_encode(data)) == data


def test_base58_known_value() -> None:
    # The test vector of draft-msporny-base58-03.
    assert base58_encode(b"Hello World!") == "2NEpo7TZRRrLZSi2U"
    assert base58_encode(bytes.fromhex("0000287fb4cd")) == "11233QC4"


@pytest.mark.parametrize("name", ["rsa_key", "ed25519_key"])
def test_a_private_key_rests_encrypted(name: str, request: pytest.FixtureRequest) -> None:
    key: PrivateKey = request.getfixturevalue(name)
    sealed = encrypt_private(key, SECRET)
    assert sealed != encrypt_private(key, SECRET)
    der = key.key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    assert der[-32:] not in sealed
    opened = decrypt_private(sealed, key.key_id, SECRET)
    assert opened.key_id == key.key_id
    assert key.public("x").verify(opened.sign(b"text"), b"text")


def test_a_key_opens_only_with_its_secret_its_id_and_unaltered(ed25519_key: PrivateKey) -> None:
    sealed = encrypt_private(ed25519_key, SECRET)
    altered = [
        sealed[:position] + bytes([sealed[position] ^ 1]) + sealed[position + 1 :]
        for position in range(len(sealed))
    ]
    attempts = [(data, ed25519_key.key_id, SECRET) for data in [*altered, b"", sealed[:-1]]]
    attempts.append((sealed, ed25519_key.key_id + "2", SECRET))
    attempts.append((sealed, ed25519_key.key_id, bytes(32)))
    for data, key_id, secret in attempts:
        with pytest.raises(Misconfigured) as refused:
            decrypt_private(data, key_id, secret)
        assert refused.value.code == "key.unreadable"


def test_the_secret_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    secret = make_secret(path)
    assert len(secret) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_secret(path) == secret
    with pytest.raises(FileExistsError):
        make_secret(path)
    assert read_secret(path) == secret


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o660, 0o644])
def test_a_secret_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "secret"
    make_secret(path)
    path.chmod(mode)
    with pytest.raises(Misconfigured) as refused:
        read_secret(path)
    assert refused.value.code == "secret.exposed"
    path.chmod(0o400)
    assert len(read_secret(path)) == 32


def test_a_missing_or_short_secret_is_named(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    with pytest.raises(Misconfigured) as missing:
        read_secret(path)
    assert missing.value.code == "secret.missing"
    for size in (0, 31, 33):
        path.write_bytes(os.urandom(size))
        path.chmod(0o600)
        with pytest.raises(Misconfigured) as wrong:
            read_secret(path)
        assert wrong.value.code == "secret.size"
