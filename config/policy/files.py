"""The packs of this process, as its files say; read once, since files do not change while it runs."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from config.errors import NotKnown
from config.policy.loader import find_packs, load_notices, load_pack, notice_folders
from config.policy.pack import RegionPack


@cache
def pack_of_files(region: str) -> RegionPack:
    """Return the pack of a region as the files of this process say.

    Raises:
        NotKnown: `policy.region_unknown`.
        PolicyErrors: the files are wrong.
    """
    folders = find_packs(settings.POLICY_PACKS)
    if region not in folders:
        raise NotKnown("policy.region_unknown", region=region)
    return load_pack(folders[region], load_notices(notice_folders(settings.POLICY_PACKS)))


def regions_of_files() -> tuple[str, ...]:
    """Return the ids of the regions this process has files for."""
    return tuple(find_packs(settings.POLICY_PACKS))
