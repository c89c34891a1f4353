"""Find a person by what a clerk types; the shape of the text decides where to look."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum

from django.db.models import Exists, F, OuterRef, QuerySet

from config.identity.digest import keyed_digests
from config.identity.keys import key_ring
from config.identity.numbers import check_character, normalise
from enrollment.models import KeyKind, Person, PersonSearchKey

MOST = 20
"""A longer list is not read; the clerk types one more character instead."""


class Shape(Enum):
    """What a text looks like; kept in audit events, where the text itself is not."""

    ID_NUMBER = "id_number"
    PHONE = "phone"
    LAST_FOUR = "last_four"
    LETTERS = "letters"
    NAME = "name"
    NOTHING = "nothing"


def shape_of(text: str) -> Shape:
    """Return what a text looks like.

    18 or 15 characters of an ID number; 11 digits starting with 1 are a phone; four
    characters of digits with an X at most at the end are the end of a number; letters are
    Pinyin; anything with a character of a script is a name.
    """
    plain = normalise(text)
    if re.fullmatch(r"[0-9]{17}[0-9X]|[0-9]{15}", plain):
        return Shape.ID_NUMBER
    if re.fullmatch(r"1[0-9]{10}", plain):
        return Shape.PHONE
    if re.fullmatch(r"[0-9]{3}[0-9X]", plain):
        return Shape.LAST_FOUR
    if re.fullmatch(r"[A-Z]{2,40}", plain):
        return Shape.LETTERS
    if any(character.isalpha() and not character.isascii() for character in plain):
        return Shape.NAME
    return Shape.NOTHING


def person_search(text: str) -> list[Person]:
    """Return at most 20 people of the offices in scope whom a text may mean.

    Args:
        text: full ID number, last four of it, phone, name or part of it, initials or
            reading in Pinyin; the beginning is enough for the last three.

    Returns:
        Best first: a name equal to the text before names that begin with it, before names
        that contain it. Nothing for a text of no known shape.
    """
    shape = shape_of(text)
    if shape is Shape.NOTHING:
        return []
    if shape is Shape.LETTERS:
        return _by_letters(normalise(text).lower())
    if shape is Shape.NAME:
        return _by_name(text)
    # A card whose person moved away comes after the one that goes on.
    last = F("moved_at").asc(nulls_first=True)
    return list(_by_number(shape, normalise(text)).order_by(last, "name", "id")[:MOST])


def _by_number(shape: Shape, plain: str) -> QuerySet[Person]:
    if shape is Shape.ID_NUMBER:
        digests = keyed_digests(key_ring(), _written_out(plain), "id_number")
        return Person.objects.filter(id_digest__in=digests)
    if shape is Shape.PHONE:
        digests = keyed_digests(key_ring(), plain, "phone")
        return Person.objects.filter(phone_digest__in=digests).exclude(phone_digest="")
    return Person.objects.filter(id_last4=plain)


def _written_out(plain: str) -> str:
    """Return an old number of 15 digits as the 18 characters it became."""
    if len(plain) == 18:
        return plain
    first_17 = plain[:6] + "19" + plain[6:]
    return first_17 + check_character(first_17)


def _by_letters(letters: str) -> list[Person]:
    initials = _with_key(KeyKind.INITIALS, letters)
    found = list(initials.order_by("name", "id")[:MOST])
    if len(found) < MOST:
        seen = [person.pk for person in found]
        readings = _with_key(KeyKind.PINYIN, letters).exclude(pk__in=seen)
        found += readings.order_by("name", "id")[: MOST - len(found)]
    return found


def _by_name(text: str) -> list[Person]:
    wanted = "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign.isalpha()).lower()
    found = list(_with_key(KeyKind.NAME, wanted).order_by("name", "id")[:MOST])
    return sorted(
        found, key=lambda person: (person.name != wanted, not person.name.startswith(wanted))
    )


def _with_key(kind: KeyKind, beginning: str) -> QuerySet[Person]:
    keys = PersonSearchKey.objects.filter(person=OuterRef("pk"), kind=kind, key__begins=beginning)
    return Person.objects.filter(Exists(keys))
