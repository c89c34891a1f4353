"""One subject file of a region: its keys, its limits, and the values of each."""

from __future__ import annotations

import re

from config.policy.keys import Origin, PolicyKey
from config.policy.reading.nodes import Fields, Node, SourceFile
from config.policy.reading.values import KeyHead, PackContext, read_value
from config.policy.schema import (
    LIMIT_ROLES,
    LIMITS,
    RESERVED_IDS,
    SUBJECTS,
    SUBJECTS_WITH_LIMITS,
    IdPlace,
    KeySpec,
    limit_spec,
)

_ID = re.compile(r"[a-z][a-z0-9_]*")


class SubjectReader:
    """Reads the keys of one subject file.

    `keys` holds every key that could be read, `broken` the names of those in which at
    least one value could not: nothing more is concluded about them.
    """

    def __init__(self, file: SourceFile, subject: str, context: PackContext) -> None:
        """Prepare to read; `read` does it."""
        self.file = file
        self.subject = subject
        self.context = context
        self.keys: dict[str, PolicyKey] = {}
        self.broken: set[str] = set()

    def read(self) -> None:
        """Read the file."""
        root = self.file.root()
        if root is None:
            return
        specs = SUBJECTS[self.subject]
        known = ["subject", "scheme", *specs]
        if self.subject in SUBJECTS_WITH_LIMITS:
            known.append(LIMITS)
        fields = self.file.fields(root, known, ("subject", "scheme"))
        self.file.word(fields.get("subject"), (self.subject,))
        self.file.word(fields.get("scheme"), (self.context.region.scheme,))
        for name, spec in specs.items():
            if name in fields:
                self._key(spec, fields[name])
        if LIMITS in fields:
            for limit_id, node in self.file.fields(fields[LIMITS], None).items():
                self._check_id(node, limit_id)
                self._key(limit_spec(self.subject, limit_id), node)

    def _check_id(self, node: Node, accumulator_id: str) -> None:
        if not _ID.fullmatch(accumulator_id):
            self.file.problem(
                "bad_id", node, f"`{accumulator_id}`: an id is lower case letters, digits and `_`"
            )
        if accumulator_id in RESERVED_IDS:
            self.file.problem(
                "reserved_id", node, f"`{accumulator_id}` is kept by the settlement itself"
            )

    def _head(self, spec: KeySpec, fields: Fields, node: Node) -> KeyHead:
        key_id = self.file.text(fields.get("id"))
        if spec.id_place is IdPlace.KEY:
            if key_id is not None:
                self._check_id(fields["id"], key_id)
            elif "id" not in fields:
                self.file.problem(
                    "missing_key", node, f"{spec.full_name} needs the `id` of its accumulator"
                )
        role = None
        if spec.subject == LIMITS:
            role = self.file.word(fields.get("role"), LIMIT_ROLES) or "cap"
            if self.subject == "basic" and "role" not in fields:
                self.file.problem("missing_key", node, "a basic limit says its `role`: cap or item")
            if self.subject == "catastrophic" and role != "cap":
                self.file.problem(
                    "unknown_word",
                    fields.get("role"),
                    "a catastrophic limit is always a cap",
                    "cap",
                )
            return KeyHead(spec, self.subject, spec.name, role)
        return KeyHead(spec, self.subject, key_id, role)

    def _key(self, spec: KeySpec, node: Node) -> None:
        before = len(self.file.problems)
        known = ["unit", "values"]
        if spec.id_place is IdPlace.KEY:
            known.append("id")
        if spec.subject == LIMITS:
            known.append("role")
        fields = self.file.fields(node, known, ("unit", "values"))
        head = self._head(spec, fields, node)
        values = []
        for item in self.file.items(fields.get("values")):
            value = read_value(self.file, item, head, self.context)
            if value is None:
                continue
            own_id = value.answer.accumulator_id
            if spec.id_place is IdPlace.VALUE and own_id is not None:
                self._check_id(item, own_id)
            values.append(value)
        if spec.full_name in self.keys:
            self.file.problem("duplicate_key", node, f"limit `{spec.name}` is defined twice")
        if len(self.file.problems) > before:
            self.broken.add(spec.full_name)
        self.keys[spec.full_name] = PolicyKey(
            name=spec.full_name,
            subject=self.subject,
            unit=self.file.text(fields.get("unit")) or "",
            accumulator_id=head.accumulator_id,
            role=head.role,
            values=tuple(values),
            origin=Origin(self.file.name, node.start_mark.line),
        )
