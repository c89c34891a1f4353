"""Fields that refuse what only looks right: numbers for texts, texts for truth values."""

from __future__ import annotations

import re
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.error_sentences import sentence
from config.errors import InvalidInput
from config.money import parse_yuan, plain_yuan

AMOUNT = {"type": "string", "pattern": r"^[0-9]+(\.[0-9]{1,2})?$", "example": "1234.50"}


@extend_schema_field(AMOUNT)
class AmountField(serializers.Field):
    """An amount in yuan as text with at most two decimals; fen inside."""

    def to_internal_value(self, data: Any) -> int:
        try:
            return parse_yuan(data)
        except InvalidInput as error:
            raise serializers.ValidationError(sentence(error), code=error.code) from None

    def to_representation(self, value: int) -> str:
        return plain_yuan(value)


class StrictTextField(serializers.CharField):
    """A text; a number is not turned into one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictChoiceField(serializers.ChoiceField):
    """One of a list of texts."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid_choice", input="")
        return super().to_internal_value(data)


class StrictBooleanField(serializers.BooleanField):
    """True or false, not words for them."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input="")
        return data


class StrictIntegerField(serializers.IntegerField):
    """A whole number, not a text of one."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return data


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class StrictDayField(serializers.DateField):
    """A day as 2026-01-31."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or not _DAY.fullmatch(data):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(data)


class StrictSerializer(serializers.Serializer):
    """An object in which every name is known."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if isinstance(data, dict) else set()
        if unknown:
            raise serializers.ValidationError(
                {
                    str(name)[:60]: [serializers.ErrorDetail("", code="claims.api.field_unknown")]
                    for name in sorted(unknown, key=str)
                }
            )
        return super().to_internal_value(data)
