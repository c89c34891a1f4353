"""Filters of the desk's templates: money in words, one entry of a mapping."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from config.money import format_yuan

register = template.Library()


@register.filter
def yuan(fen: int | None) -> str:
    """Print fen as yuan with two decimals and grouped thousands; a dash for nothing."""
    return "—" if fen is None else format_yuan(fen)


@register.filter
def of(mapping: Mapping[str, Any] | None, key: str) -> Any:
    """Return one entry of a mapping, or nothing."""
    return (mapping or {}).get(key, "")
