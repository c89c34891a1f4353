"""What a person can be found by: one short row per way of typing the name."""

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.offices.models import ScopedModel
from enrollment.models.person import Person


class KeyKind(models.TextChoices):
    """How a key was made from the name."""

    NAME = "name", _("Name, or its tail from the n-th character")
    INITIALS = "initials", _("Initials in Pinyin")
    PINYIN = "pinyin", _("Whole reading in Pinyin")


class PersonSearchKey(ScopedModel):
    """One key of one person; searched by its beginning.

    The name stands here whole and by every tail (三丰 of 张三丰), each reading in Pinyin as
    initials and as a whole. A search is then always the beginning of a key, and a beginning
    can be asked as a range. That matters: under row-level security only leak-proof operators
    may use an index, the text range operators are leak-proof, `LIKE` and the containment of
    arrays are not and would read the whole office.
    """

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="search_keys"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=KeyKind)
    key = models.CharField(_("key"), max_length=160)

    class Meta(ScopedModel.Meta):
        verbose_name = _("search key")
        verbose_name_plural = _("search keys")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "key"], name="person_search_key_stands_once"
            ),
        ]
        indexes = [
            models.Index(
                models.F("kind"),
                OpClass(models.F("key"), name="text_pattern_ops"),
                name="person_search_key_by_beginning",
            ),
        ]

    def __str__(self) -> str:
        """Show the key as typed."""
        return self.key


@models.CharField.register_lookup
class Begins(models.Lookup):
    """`key__begins="zx"`: a beginning, asked as a range that may use the index.

    See `PersonSearchKey` for why this is not `startswith`.
    """

    lookup_name = "begins"

    def get_prep_lookup(self):
        """Keep the beginning as typed; an empty one would mean everyone."""
        if not self.rhs:
            raise ValueError("a beginning of at least one character is needed")
        return self.rhs

    def as_sql(self, compiler, connection):
        """Write `key ~>=~ 'zx' AND key ~<~ 'zy'`."""
        left, left_params = self.process_lhs(compiler, connection)
        beginning = self.rhs
        after = beginning[:-1] + chr(ord(beginning[-1]) + 1)
        sql = f"({left} ~>=~ %s AND {left} ~<~ %s)"
        return sql, [*left_params, beginning, *left_params, after]
