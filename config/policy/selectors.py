"""Which rules are in force, and what they say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.db import connection

from config import calendar
from config.errors import NotKnown, Refused
from config.policy.files import pack_of_files
from config.policy.models import PolicyRelease, ReleaseActivation
from config.policy.pack import RegionPack
from config.policy.tree import PolicyTree

# Every settlement asks this; a statement as text spares the time it takes to build one.
_IN_FORCE = """
SELECT activation.release_id, release.digest
FROM policy_releaseactivation activation
JOIN policy_policyrelease release ON release.id = activation.release_id
WHERE activation.region = %s AND activation.active_from <= %s
ORDER BY activation.active_from DESC, activation.id DESC
LIMIT 1
"""


class ReleaseInForce(NamedTuple):
    """Which release is in force; the digest tells its content from any other."""

    pk: int
    digest: str


def activation_in_force(region: str, day: date | None = None) -> ReleaseActivation | None:
    """Return the activation in force on a day, today where none is given.

    Of the activations that have begun the one with the latest first day counts; of two with
    the same first day, the later decision.
    """
    begun = ReleaseActivation.objects.filter(
        region=region, active_from__lte=day or calendar.today()
    )
    return begun.order_by("-active_from", "-id").first()


class ReleaseToRead(NamedTuple):
    """A release whose values are shown, in force or only registered."""

    pk: int
    is_in_force: bool


def release_to_read(region: str) -> ReleaseToRead | None:
    """Return the release in force; else the one registered last, which settles nothing yet."""
    found = activation_in_force(region)
    if found is not None:
        return ReleaseToRead(found.release_id, True)
    last = PolicyRelease.objects.filter(region=region).order_by("-pk").values_list("pk").first()
    return ReleaseToRead(last[0], False) if last else None


def active_release(region: str) -> ReleaseInForce:
    """Return the release in force today.

    Every settlement asks this, so this is where a process with other files stops: it was not
    updated, or updated too early.

    Raises:
        NotKnown: `policy.release.none_active`; `policy.region_unknown`, no files at all.
        Refused: `policy.release.files_differ`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE, [region, calendar.today()])
        found = cursor.fetchone()
    if found is None:
        raise NotKnown("policy.release.none_active", region=region)
    release = ReleaseInForce(*found)
    held = pack_of_files(region).digest
    if release.digest != held:
        raise Refused(
            "policy.release.files_differ",
            region=region,
            released=release.digest[:12],
            files=held[:12],
        )
    return release


def release_digests(release_ids: Iterable[int]) -> dict[int, str]:
    """Return the digests of releases by id."""
    found = PolicyRelease.objects.filter(pk__in=release_ids)
    return dict(found.values_list("pk", "digest"))


def release_tree(release_id: int) -> PolicyTree:
    """Return the policy of a release; any release ever registered can be asked."""
    digest = PolicyRelease.objects.values_list("digest", flat=True).get(pk=release_id)
    return known_tree(release_id, digest)


def known_tree(release_id: int, digest: str) -> PolicyTree:
    """Return the policy of a release whose digest was just read; made once per process.

    The digest is part of what is remembered: an id alone may mean another content after a
    database was restored under a running process.
    """
    return _tree(digest, release_id)


@lru_cache(maxsize=16)
def _tree(_digest: str, release_id: int) -> PolicyTree:
    content = PolicyRelease.objects.values_list("content", flat=True).get(pk=release_id)
    return PolicyTree(RegionPack.from_content(content))


def active_tree(region: str) -> PolicyTree:
    """Return the policy in force today; raises like `active_release`."""
    return known_tree(*active_release(region))
