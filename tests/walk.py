"""Walking the whole service as somebody: every page, every form on it, whatever pages there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter

from registry.models import User


@dataclass(frozen=True)
class Answer:
    """What the service answered to somebody."""

    who: str
    method: str
    where: str
    status: int
    text: str
    links: frozenset[str]
    typed: bool  # whether something was written in a field to get it


@dataclass
class Form:
    """A form of a page: where it is sent, what it holds, which fields one writes in."""

    action: str
    method: str
    held: dict[str, str] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """Addresses and forms of a page."""

    ADDRESSES = ("href", "src", "action", "formaction", "data-src", "hx-get", "hx-post")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.forms: list[Form] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.links.update(values[name] for name in self.ADDRESSES if name in values)
        if tag == "form":
            self.forms.append(Form(values.get("action", ""), values.get("method", "get").lower()))
        elif self.forms and values.get("name"):
            self._field(tag, values)

    def _field(self, tag: str, values: Mapping[str, str]) -> None:
        kind = values.get("type", "text") if tag == "input" else tag
        form = self.forms[-1]
        if kind in ("text", "search", "password", "email", "textarea"):
            form.written.append(values["name"])
        elif kind in ("hidden", "button", "submit"):
            form.held[values["name"]] = values.get("value", "")
        elif kind in ("radio", "checkbox"):
            form.held.setdefault(values["name"], values.get("value", "on"))


def walk(user: User | None, parts: Mapping[str, object], typed: str) -> Iterator[Answer]:
    """Ask for every address as a user, and send every form found, with `typed` in its fields."""
    client = Client(raise_request_exception=False)
    for where in addresses(parts):
        _sign_in(client, user)
        page = client.get(where)
        yield _answer(user, "GET", where, page, typed=False)
        forms = (
            Page(_text(page)).forms if page.get("Content-Type", "").startswith("text/html") else []
        )
        for form in forms or [Form("", "post")]:
            _sign_in(client, user)
            target = urlsplit(form.action).path or where
            data = form.held | dict.fromkeys(form.written, typed)
            sent = client.post(target, data) if form.method == "post" else client.get(target, data)
            typed_in = bool(form.written)
            yield _answer(user, form.method.upper(), target, sent, typed=typed_in)


def addresses(parts: Mapping[str, object]) -> Iterator[str]:
    """An address for every named URL, its parts those given by name, or some of their kind."""
    for name, pattern in _patterns(get_resolver(), ""):
        kwargs = {
            key: parts.get(key, parts["number"] if isinstance(kind, IntConverter) else "1")
            for key, kind in pattern.pattern.converters.items()
        }
        try:
            yield reverse(name, kwargs=kwargs)
        except NoReverseMatch:
            continue  # a regular expression of the administration site


def _patterns(resolver: URLResolver, space: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _patterns(entry, inner)
        elif entry.name:
            yield f"{space}{entry.name}", entry


def _sign_in(client: Client, user: User | None) -> None:
    if user and "_auth_user_id" not in client.session:
        client.force_login(user)


def _text(answer: HttpResponse) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    return content.decode("utf-8", errors="replace")


def _answer(
    user: User | None, method: str, where: str, answer: HttpResponse, *, typed: bool
) -> Answer:
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    text = f"{_text(answer)}\n{answer.cookies.output()}"
    links = (
        set(Page(text).links) if answer.get("Content-Type", "").startswith("text/html") else set()
    )
    links.add(answer.headers.get("Location", ""))
    links.add(where)
    who = user.username if user else "stranger"
    return Answer(
        who, method, where, answer.status_code, f"{headers}\n\n{text}", frozenset(links), typed
    )
