"""Sealing, opening and comparing, while keys change."""

import base64

import pytest

from config.identity import cipher
from config.identity.cipher import KeyMissing, KeyRing, SealBroken, key_id_of, seal, unseal
from config.identity.digest import keyed_digest, keyed_digests


def entry(key_id, byte):
    return f"{key_id}:{base64.b64encode(byte * 32).decode()}"


OLD, NEW = entry("k1", b"\1"), entry("k2", b"\2")
BEFORE, DURING, AFTER = KeyRing.read([OLD]), KeyRing.read([NEW, OLD]), KeyRing.read([NEW])
TEXT = "19600229示例"


def test_what_is_sealed_opens():
    sealed = seal(BEFORE, TEXT, "person.id_number")
    assert unseal(BEFORE, sealed, "person.id_number") == TEXT
    assert TEXT not in sealed
    assert sealed.startswith(f"{cipher.ALGORITHM}:k1:")
    assert seal(BEFORE, TEXT, "person.id_number") != sealed


def test_two_keys_live_while_they_change():
    old = seal(BEFORE, TEXT, "p")
    new = seal(DURING, TEXT, "p")
    assert (key_id_of(old), key_id_of(new)) == ("k1", "k2")
    assert unseal(DURING, old, "p") == unseal(DURING, new, "p") == TEXT
    with pytest.raises(KeyMissing):
        unseal(AFTER, old, "p")


def test_another_column_or_a_changed_byte_does_not_open():
    sealed = seal(BEFORE, TEXT, "p")
    for broken, purpose in (
        (sealed, "q"),
        (sealed[:-2], "p"),
        (sealed.replace(":k1:", ":k1:AAAA"), "p"),
        (TEXT, "p"),
    ):
        with pytest.raises(SealBroken):
            unseal(BEFORE, broken, purpose)


def test_a_digest_is_stable_and_found_under_every_listed_key():
    stored = keyed_digest(BEFORE, TEXT, "id_number")
    assert stored == keyed_digest(BEFORE, TEXT, "id_number")
    assert stored in keyed_digests(DURING, TEXT, "id_number")
    assert keyed_digest(DURING, TEXT, "id_number") == keyed_digest(AFTER, TEXT, "id_number")
    assert stored not in keyed_digests(AFTER, TEXT, "id_number")
    assert keyed_digest(BEFORE, TEXT, "phone") != stored


@pytest.mark.parametrize(
    "entries", [["k1"], ["k1:short"], ["k 1:" + "A" * 43 + "="], [OLD, OLD], [":" + "A" * 44]]
)
def test_a_key_that_cannot_be_read_is_refused_without_repeating_it(entries):
    with pytest.raises(ValueError, match="key") as error:
        KeyRing.read(entries)
    assert "AAAA" not in str(error.value)


def test_no_key_no_ring():
    with pytest.raises(KeyMissing):
        KeyRing.read([])
