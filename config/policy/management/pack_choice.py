"""Which pack a command means: its id, its division code or its name."""

from datetime import date

from django.conf import settings
from django.core.management.base import CommandError

from config.policy.loader import PolicyErrors, find_packs, load_notices, load_pack, notice_folders
from config.policy.pack import RegionPack
from config.policy.reading.problems import nearest_word


def chosen_pack(region: str) -> RegionPack:
    """Load the pack that a word names: `230800_jiamusi`, `230800` or `jiamusi`.

    Raises:
        CommandError: no pack, or more than one, has that name; or it does not load.
    """
    folders = find_packs(settings.POLICY_PACKS)
    named = [name for name in folders if name == region or region in name.split("_", 1)]
    if len(named) != 1:
        near = nearest_word(region, folders)
        hint = f"; did you mean {near}?" if near else f"; there are {', '.join(folders)}"
        raise CommandError(f"there is no pack {region}{hint}")
    try:
        return load_pack(folders[named[0]], load_notices(notice_folders(settings.POLICY_PACKS)))
    except PolicyErrors as error:
        raise CommandError(str(error)) from error


def day_argument(text: str) -> date:
    """Read a day of the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text} is not a day such as 2022-01-31") from error
