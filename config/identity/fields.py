"""A column whose value is sealed at rest and masked in memory.

Reading the attribute gives a `Sealed`: its text is the mask, so that a template, a log line or a
debugger shows `****1234` at most. The plain value needs the explicit call `plain()`, which only
the services that record the act use; a test lists them.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from config.identity import cipher
from config.identity.keys import key_ring
from config.identity.masking import HIDDEN


class Sealed:
    """An encrypted text that shows nothing of itself."""

    __slots__ = ("purpose", "sealed")

    def __init__(self, sealed: str, purpose: str) -> None:
        """Keep the sealed text and the column it belongs to."""
        self.sealed = sealed
        self.purpose = purpose

    def __str__(self) -> str:
        """Show only that there is something."""
        return HIDDEN

    __repr__ = __str__

    def __eq__(self, other: object) -> bool:
        """Compare sealed texts; equality of plain values is asked of digests."""
        return isinstance(other, Sealed) and other.sealed == self.sealed

    def __hash__(self) -> int:
        """Hash the sealed text."""
        return hash(self.sealed)

    def __bool__(self) -> bool:
        """Tell whether anything is stored."""
        return bool(self.sealed)

    def plain(self) -> str:
        """Return the plain value. Callers record the act; see the person's reveal service."""
        return cipher.unseal(key_ring(), self.sealed, self.purpose) if self.sealed else ""

    def opens(self) -> bool:
        """Tell whether a listed key opens it, without showing it: asked after a restore."""
        try:
            self.plain()
        except (cipher.KeyMissing, cipher.SealBroken):
            return False
        return True


class EncryptedText(models.TextField):  # type: ignore[type-arg]
    """A text column sealed on write; assigning a plain text seals it at once.

    Args:
        purpose: binds the value to this column; stable for ever.
        digest_field: the column of the same row that holds the keyed digest of the value; whoever
            seals anew with another key makes that digest anew as well.
    """

    def __init__(
        self, *args: Any, purpose: str = "", digest_field: str = "", **kwargs: Any
    ) -> None:
        """Keep what the value is bound to."""
        self.purpose = purpose
        self.digest_field = digest_field
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """Keep the purpose in migrations."""
        name, path, args, kwargs = super().deconstruct()
        return str(name), path, args, {**kwargs, "purpose": self.purpose}

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False
    ) -> None:
        """Seal on assignment, so that no instance ever carries the plain value."""
        super().contribute_to_class(cls, name, private_only)
        self.purpose = self.purpose or name
        setattr(cls, name, _SealedAttribute(self))

    def from_db_value(self, value: str | None, *_args: Any) -> Sealed | None:
        """Wrap what the database holds."""
        return None if value is None else Sealed(value, self.purpose)

    def get_prep_value(self, value: Any) -> str | None:
        """Return the sealed text; a plain text never reaches the database."""
        return None if value is None else self.sealed(value).sealed

    def sealed(self, value: Any) -> Sealed:
        """Return `value` sealed, sealing plain texts."""
        if isinstance(value, Sealed):
            return value
        if not value:
            return Sealed("", self.purpose)
        return Sealed(cipher.seal(key_ring(), str(value), self.purpose), self.purpose)

    def value_to_string(self, obj: models.Model) -> str:
        """Serialise the sealed text, never the plain one."""
        value = self.value_from_object(obj)
        return value.sealed if isinstance(value, Sealed) else ""


class _SealedAttribute:
    """Attribute of a model that seals what is assigned to it."""

    def __init__(self, field: EncryptedText) -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])
        return instance.__dict__[name]

    def __set__(self, instance: models.Model, value: Any) -> None:
        sealed = None if value is None else self.field.sealed(value)
        instance.__dict__[self.field.attname] = sealed
