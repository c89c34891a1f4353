"""Start-up check: the packs this process holds can be read."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from config.policy.files import pack_of_files, regions_of_files
from config.policy.loader import PolicyErrors


@register(Tags.compatibility, deploy=True)
def check_packs(**_kwargs: Any) -> list[CheckMessage]:
    """Report every pack that does not load; run with `check --deploy`."""
    found: list[CheckMessage] = []
    for region in regions_of_files():
        try:
            pack_of_files(region)
        except PolicyErrors as errors:
            found.append(Error(f"policy pack {region}: {errors}", id="policy.E001"))
    return found
