"""Register the rules of a region and put them in force."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import transaction

from config.audit import services as audit
from config.errors import Refused
from config.operation.services import require_running
from config.policy.files import pack_of_files
from config.policy.models import PolicyDocument, PolicyRelease, ReleaseActivation


@transaction.atomic
def policy_release_register(region: str) -> PolicyRelease:
    """Store the content of the region's files as a release; the same content only once.

    Raises:
        Refused: `offices.act.not_allowed`.
        NotKnown: `policy.region_unknown`.
        PolicyErrors: the files are wrong.
    """
    acting = audit.require("release.register")
    pack = pack_of_files(region)
    known = PolicyRelease.objects.filter(region=region, digest=pack.digest).first()
    if known is not None:
        return known
    release = PolicyRelease.objects.create(
        region=region,
        digest=pack.digest,
        kind=pack.region.kind,
        content=pack.content(),
        registered_by_id=acting.user_id,
    )
    audit.record("release.registered", release, region=region, digest=pack.digest)
    return release


@transaction.atomic
def policy_release_activate(
    release: PolicyRelease, from_day: date, document: PolicyDocument | None
) -> ReleaseActivation:
    """Put a release in force from a day.

    Args:
        release: what to put in force.
        from_day: first day on which settlements use it.
        document: the issued document it rests on; only a demonstration may have none.

    Raises:
        Refused: `offices.act.not_allowed`; `policy.release.document_missing`;
            `policy.release.demonstration_only`, invented values outside a demonstration;
            `operation.paused`, after a restore.
    """
    acting = audit.require("release.activate", release)
    require_running("release.activate")
    is_demonstration = release.kind == PolicyRelease.Kind.DEMONSTRATION
    if is_demonstration and not settings.IS_DEMONSTRATION:
        raise Refused("policy.release.demonstration_only", region=release.region)
    if document is None and not is_demonstration:
        raise Refused("policy.release.document_missing", region=release.region)
    activation = ReleaseActivation.objects.create(
        release=release,
        region=release.region,
        active_from=from_day,
        document=document,
        activated_by_id=acting.user_id,
    )
    audit.record(
        "release.activated",
        release,
        region=release.region,
        digest=release.digest,
        active_from=from_day.isoformat(),
        document=document.number if document else "",
    )
    return activation
