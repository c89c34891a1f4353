"""Which rules are in force, and what they say."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from config import calendar
from config.errors import NotKnown, Refused
from config.policy.files import pack_of_files
from config.policy.models import PolicyRelease, ReleaseActivation
from config.policy.pack import RegionPack
from config.policy.tree import PolicyTree


def activation_in_force(region: str, day: date | None = None) -> ReleaseActivation | None:
    """Return the activation in force on a day, today where none is given.

    Of the activations that have begun the one with the latest first day counts; of two with
    the same first day, the later decision.
    """
    begun = ReleaseActivation.objects.filter(
        region=region, active_from__lte=day or calendar.today()
    )
    return begun.order_by("-active_from", "-id").first()


def active_release(region: str) -> PolicyRelease:
    """Return the release in force today, without its content, which is long.

    Every settlement asks this, so this is where a process with other files stops: it was not
    updated, or updated too early.

    Raises:
        NotKnown: `policy.release.none_active`; `policy.region_unknown`, no files at all.
        Refused: `policy.release.files_differ`.
    """
    activation = activation_in_force(region)
    if activation is None:
        raise NotKnown("policy.release.none_active", region=region)
    release = PolicyRelease.objects.defer("content").get(pk=activation.release_id)
    held = pack_of_files(region).digest
    if release.digest != held:
        raise Refused(
            "policy.release.files_differ",
            region=region,
            released=release.digest[:12],
            files=held[:12],
        )
    return release


def release_tree(release_id: int) -> PolicyTree:
    """Return the policy of a release; any release ever registered can be asked."""
    digest = PolicyRelease.objects.values_list("digest", flat=True).get(pk=release_id)
    return _tree(digest, release_id)


@lru_cache(maxsize=16)
def _tree(_digest: str, release_id: int) -> PolicyTree:
    content = PolicyRelease.objects.values_list("content", flat=True).get(pk=release_id)
    return PolicyTree(RegionPack.from_content(content))


def active_tree(region: str) -> PolicyTree:
    """Return the policy in force today; raises like `active_release`."""
    return release_tree(active_release(region).pk)
