"""Form fields of the admin that read what people write."""

from __future__ import annotations

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget

from config.error_sentences import sentence
from config.errors import InvalidInput
from config.money import parse_yuan, plain_yuan


class YuanField(forms.CharField):
    """An amount shown and typed in yuan, kept in fen."""

    widget = UnfoldAdminTextInputWidget

    def prepare_value(self, value: Any) -> Any:
        """Show fen as yuan; leave what was typed."""
        return plain_yuan(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        """Read yuan into fen."""
        if value in self.empty_values:
            return None
        if isinstance(value, int):
            return value
        try:
            return parse_yuan(value)
        except InvalidInput as mistake:
            raise forms.ValidationError(sentence(mistake), code=mistake.code) from mistake
