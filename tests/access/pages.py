"""Read a page as a browser does: its forms with what they would send, its addresses."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """One form of a page.

    Attributes:
        fields: what the browser would send untouched, in order of the page.
        hidden: names of hidden fields.
        marks: attributes of htmx.
        names: every field, those an untouched form leaves out included.
    """

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)
    marks: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def data(self, **changes: object) -> dict[str, list[str]]:
        """Return the fields as a client sends them, with changes."""
        sent: dict[str, list[str]] = {}
        for name, value in self.fields:
            sent.setdefault(name, []).append(value)
        for name, value in changes.items():
            sent[name] = [str(each) for each in value] if isinstance(value, list) else [str(value)]
        return sent


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.addresses: list[str] = []
        self._form: Form | None = None
        self._select: tuple[str, bool] | None = None
        self._chosen: list[str] = []
        self._first: str | None = None
        self._area: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for name in ("href", "src", "hx-get", "hx-post", "action", "formaction"):
            if given.get(name):
                self.addresses.append(given[name])
        if tag == "form":
            marks = {name: value for name, value in given.items() if name.startswith("hx-")}
            action = given.get("action") or given.get("hx-post") or given.get("hx-get") or ""
            is_post = given.get("method", "get").lower() == "post" or "hx-post" in given
            self._form = Form(action, "post" if is_post else "get", marks=marks)
            self.forms.append(self._form)
        if self._form is None or "disabled" in given:
            return
        self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if name and tag in {"input", "select", "textarea"}:
            self._form.names.add(name)
        if tag == "input" and name:
            kind = given.get("type", "text").lower()
            if kind in {"submit", "button", "image", "file", "reset"}:
                return
            if kind in {"checkbox", "radio"} and "checked" not in given:
                return
            self._form.fields.append((name, given.get("value", "on" if kind == "checkbox" else "")))
            if kind == "hidden":
                self._form.hidden.add(name)
        elif tag == "select" and name:
            self._select, self._chosen, self._first = (name, "multiple" in given), [], None
        elif tag == "option" and self._select:
            value = given.get("value", "")
            self._first = value if self._first is None else self._first
            if "selected" in given:
                self._chosen.append(value)
        elif tag == "textarea" and name:
            self._area, self._text = name, ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._area and self._form is not None:
            self._form.fields.append((self._area, self._text.removeprefix("\n")))
            self._area = None
        elif tag == "select" and self._select and self._form is not None:
            name, is_multiple = self._select
            chosen = self._chosen or ([] if is_multiple or self._first is None else [self._first])
            self._form.fields += [(name, value) for value in chosen]
            self._select = None


def read(page: str) -> _Reader:
    """Return the forms and addresses of a page."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader


def form_with(page: str, name: str) -> Form:
    """Return the form that has a field of this name."""
    return next(form for form in read(page).forms if name in form.names)
