"""Find the person a full ID number means, among the offices in scope; every look is counted."""

from __future__ import annotations

from claims.models import ApiUseKind, Facility
from claims.services.api_use import api_use_count
from config.errors import NotKnown
from config.identity.digest import keyed_digests
from config.identity.keys import key_ring
from config.identity.numbers import normalise
from enrollment.models import Person
from enrollment.selectors.search import Shape, person_search, shape_of


def person_looked_up(certno: str, facility: Facility, kind: ApiUseKind) -> Person | None:
    """Return the person with this number; None for nobody and for people of other offices.

    Args:
        certno: the whole number; a part of one finds nobody.
        facility: who asks.
        kind: what the look is counted as.

    Raises:
        Refused: `claims.api.too_many`.
    """
    api_use_count(facility, kind)
    if shape_of(certno) is Shape.ID_NUMBER:
        found = person_search(certno)
        return found[0] if found else None
    digests = keyed_digests(key_ring(), normalise(certno), "id_number")
    return Person.objects.filter(id_digest__in=digests, moved_at=None).first()


def person_of_bill(certno: str, facility: Facility) -> Person:
    """Return the person a bill is for.

    Raises:
        NotKnown: `claims.api.person_unknown`.
        Refused: `claims.api.too_many`.
    """
    person = person_looked_up(certno, facility, ApiUseKind.PERSON)
    if person is None:
        raise NotKnown("claims.api.person_unknown")
    return person
