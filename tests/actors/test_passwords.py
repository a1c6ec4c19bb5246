"""Passwords: what fits, what does not, and that nobody learns which account exists."""

import time

import pytest

from actors.passwords import check_acceptable, check_password, hash_password
from federation.errors import Invalid

pytestmark = pytest.mark.usefixtures("costly_passwords")


async def test_only_the_password_itself_fits() -> None:
    hashed = await hash_password("cheval-exact-pile")
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await check_password(hashed, "cheval-exact-pile")
    assert not await check_password(hashed, "cheval-exact-pilE")
    assert not await check_password(hashed, "")


@pytest.mark.parametrize("stored", [None, "", "no hash", "$argon2id$v=19$m=1,t=1,p=1$x$y"])
async def test_without_a_usable_hash_nothing_fits(stored: str | None) -> None:
    assert not await check_password(stored, "cheval-exact-pile")


async def test_an_unknown_account_takes_as_long_as_a_known_one() -> None:
    hashed = await hash_password("cheval-exact-pile")
    times: list[float] = []
    for stored in (hashed, None):
        started = time.process_time()
        await check_password(stored, "cheval-exact-faux")
        times.append(time.process_time() - started)
    known, unknown = times
    assert unknown > known / 4


async def test_two_hashes_of_one_password_differ() -> None:
    assert await hash_password("cheval-exact-pile") != await hash_password("cheval-exact-pile")


@pytest.mark.parametrize(
    ("password", "code"),
    [("neuf-lett", "password.too_short"), ("x" * 513, "password.too_long")],
)
async def test_length_is_bounded(password: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        await hash_password(password)
    assert (refused.value.code, refused.value.field) == (code, "password")
    check_acceptable("dix-lettre")
