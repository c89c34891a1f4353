"""A region pack (统筹地区政策包) in memory, its canonical content and its digest.

The content is plain JSON: a release stores it, a process rebuilds the pack from it, and
its digest tells whether two processes hold the same rules.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from config.policy.citation import Interpretation, Notice
from config.policy.content import content_of, interpretations_of, keys_of, notices_of, region_of
from config.policy.keys import PolicyKey
from config.policy.region import Region


@dataclass(frozen=True)
class RegionPack:
    """Everything one region answers with.

    Attributes:
        region: the region and its vocabularies.
        keys: values by key, `limits.<id>` among them.
        notices: the notices the region may cite, without their full text.
        interpretations: recorded readings by id.
    """

    region: Region
    keys: Mapping[str, PolicyKey]
    notices: Mapping[str, Notice]
    interpretations: Mapping[str, Interpretation]

    def content(self) -> dict[str, Any]:
        """Return the canonical content, plain JSON."""
        return content_of(self.region, self.keys, self.notices, self.interpretations)

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> RegionPack:
        """Rebuild a pack from its canonical content, without its files.

        Raises:
            ValueError: the content is of another format.
        """
        return cls(
            region_of(content), keys_of(content), notices_of(content), interpretations_of(content)
        )

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical content, hexadecimal."""
        text = json.dumps(self.content(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def accumulator_ids(self) -> tuple[str, ...]:
        """Every id money accumulates under: limits, yearly deductibles, thresholds."""
        ids = {value.answer.accumulator_id for key in self.keys.values() for value in key.values}
        ids |= {key.accumulator_id for key in self.keys.values()}
        return tuple(sorted(found for found in ids if found is not None))
