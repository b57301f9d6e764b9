"""One suite for every KeyStore."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from fakes.key_store import FakeKeyStore
from muybridge.adapters.key_store import SqlKeyStore
from muybridge.adapters.sql import Database
from muybridge.domain.key import Key, Terms
from muybridge.errors import NotFound
from muybridge.ports.key_store import KeyStore
from muybridge.units import Seconds

NOW = Seconds(1_763_800_000.5)
KEY = Key("k1", "studio 一", NOW, "whsec_x", Terms(100, 5, 2), expires_at=Seconds(NOW + 9))


@pytest.fixture
def store(database: Database | None) -> KeyStore:
    return SqlKeyStore(database) if database else FakeKeyStore()


async def test_a_key_is_found_by_its_digest_with_all_its_terms(store: KeyStore) -> None:
    await store.add(KEY, "d1")
    assert await store.find("d1") == KEY
    assert await store.get("k1") == KEY


async def test_a_strangers_digest_finds_nothing(store: KeyStore) -> None:
    await store.add(KEY, "d1")
    assert await store.find("d2") is None
    assert await store.get("k2") is None


async def test_keys_are_listed_the_oldest_first(store: KeyStore) -> None:
    young = replace(KEY, key_id="k0", created_at=Seconds(NOW + 1), terms=Terms())
    await store.add(young, "d2")
    await store.add(KEY, "d1")
    assert list(await store.list()) == [KEY, young]


async def test_a_revoked_key_is_still_found_and_says_so(store: KeyStore) -> None:
    await store.add(KEY, "d1")
    await store.revoke("k1", NOW)
    await store.revoke("k1", Seconds(NOW + 5))
    found = await store.find("d1")
    assert found is not None
    assert found.revoked_at == NOW
    assert not found.valid_at(NOW)


async def test_a_rotated_key_opens_with_the_new_secret_alone(store: KeyStore) -> None:
    await store.add(KEY, "d1")
    await store.rotate("k1", "d2")
    assert await store.find("d1") is None
    assert await store.find("d2") == KEY


async def test_changing_an_unknown_key_is_not_found(store: KeyStore) -> None:
    with pytest.raises(NotFound):
        await store.revoke("k1", NOW)
    with pytest.raises(NotFound):
        await store.rotate("k1", "d2")


async def test_a_server_secret_is_made_once_for_all(store: KeyStore) -> None:
    links, *others = await asyncio.gather(*(store.server_secret("links") for _ in range(4)))
    assert set(others) == {links}
    assert len(links) == 32
    assert await store.server_secret("else") != links
