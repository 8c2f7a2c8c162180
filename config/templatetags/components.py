"""Components that enclose something, as tags in every template; `/components/` shows them all.

What encloses nothing is an include from `templates/components/`.
"""

from __future__ import annotations

import json as text
from datetime import date
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BoundField
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from config.lib.sorting import Sort

register = template.Library()


@register.simple_block_tag
def table(
    content: SafeString, caption: str, *, name: str, download: str = "", wide: bool = False
) -> SafeString:
    """A table with its caption in a region that scrolls; `download` is the address of its file.

    A table is `wide` when it has more columns than a large screen.
    """
    values = {"content": content, "caption": caption, "name": name, "download": download}
    values |= {"wide": "wide" if wide else ""}
    return render_to_string("components/table.html", values)


@register.inclusion_tag("components/column.html", takes_context=True)
def column(context: Context, label: str, *, number: bool = False, sort: str = "") -> dict[str, Any]:
    """Head of a column; with a key of the context's `sort`, a link that orders the rows by it."""
    values: dict[str, Any] = {"label": label, "number": number}
    if sort:
        order: Sort = context["sort"]
        asked = context["request"].GET.copy()
        asked.pop("after", None)
        asked["sort"] = order.next_for(sort)
        values["address"] = f"?{asked.urlencode()}#{order.table}"
        values["direction"] = order.direction if order.key == sort else ""
    return values


@register.simple_block_tag
def summary(content: SafeString) -> SafeString:
    """A list of facts: what and its value, row by row."""
    return format_html('<dl class="govuk-summary-list">{}</dl>', content)


@register.simple_block_tag
def row(content: SafeString, label: str) -> SafeString:
    """A row of a summary."""
    values = {"content": content, "label": label}
    return render_to_string("components/row.html", values)


@register.simple_block_tag
def figures(content: SafeString) -> SafeString:
    """A few key figures side by side, the most important first."""
    return format_html('<dl class="figures">{}</dl>', content)


@register.simple_tag
def figure(label: str, value: object) -> SafeString:
    """One of the key figures."""
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", label, value)


@register.simple_block_tag
def timeline(content: SafeString) -> SafeString:
    """What happened in a case, as events from the first to the last."""
    return format_html('<ol class="timeline">{}</ol>', content)


@register.simple_block_tag
def event(
    content: SafeString, title: str, when: date | None = None, who: object = None
) -> SafeString:
    """An event: a moment or day and a person; without a time one that is still to come."""
    values = {"content": content, "title": title, "when": when, "who": who}
    return render_to_string("components/event.html", values)


@register.simple_block_tag(takes_context=True)
def tabs(context: Context, content: SafeString, title: str) -> SafeString:
    """Parts of a page of which one is open; without JavaScript they follow one another."""
    parts = context.render_context.get("tabs")
    context.render_context["tabs"] = []
    values = {"content": content, "title": title, "parts": parts}
    return render_to_string("components/tabs.html", values)


@register.simple_block_tag(takes_context=True)
def tab(context: Context, content: SafeString, label: str, *, name: str) -> SafeString:
    """A part of `tabs`, in the same template."""
    earlier: Any = context.render_context.get("tabs") or []
    context.render_context["tabs"] = [*earlier, {"label": label, "name": name}]
    return format_html('<div class="govuk-tabs__panel" id="{}">{}</div>', name, content)


@register.simple_block_tag
def breadcrumbs(content: SafeString) -> SafeString:
    """The way from the front to the page, its pages as `crumb`."""
    return render_to_string("components/breadcrumbs.html", {"content": content})


@register.simple_tag
def crumb(label: str, page: str, *arguments: object) -> SafeString:
    """A page on the way: its label, the name of its address, and what the address takes."""
    return format_html(
        '<li class="govuk-breadcrumbs__list-item">'
        '<a class="govuk-breadcrumbs__link" href="{}">{}</a></li>',
        reverse(page, args=arguments),
        label,
    )


INPUTS = {
    "select": "govuk-select",
    "textarea": "govuk-textarea",
    "checkbox": "govuk-checkboxes__input",
    "file": "govuk-file-upload",
}
GROUPS = {"radioselect": "radios", "checkboxselectmultiple": "checkboxes"}


@register.filter
def json(value: object) -> str:
    """A value as JSON, for an attribute that a script reads."""
    return text.dumps(value, cls=DjangoJSONEncoder)


@register.filter
def kind(field: BoundField) -> str:
    """What a field asks with: `text`, `date`, `file`, `checkbox`, `select`, `textarea` …"""
    return getattr(field.field.widget, "input_type", None) or field.widget_type


@register.filter
def group(field: BoundField) -> str:
    """`radios` or `checkboxes` for a field of several of them, else nothing."""
    return GROUPS.get(field.widget_type, "")


@register.filter
def first_id(field: BoundField) -> str:
    """The id of the field's first input, where its faults lead."""
    return f"{field.auto_id}_0" if field.widget_type in GROUPS else field.id_for_label


@register.simple_tag
def widget(field: BoundField) -> SafeString:
    """The input of a field in the classes of GOV.UK Frontend, and of its own."""
    name = INPUTS.get(kind(field), "govuk-input")
    fault = f"{name}--error" if field.errors else ""
    own = field.field.widget.attrs.get("class", "")
    return field.as_widget(attrs={"class": " ".join(filter(None, (name, fault, own)))})
