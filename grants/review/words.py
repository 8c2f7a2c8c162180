"""What a check looked at, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from config.templatetags.finnish import day
from grants.lists.codes import Code


def looked_at_words(looked_at: Mapping[str, Any]) -> list[str]:
    """A sentence for each thing that a check looked at, in the language of the page."""
    told = [sentence(looked_at) for keys, sentence in SENTENCES if keys <= looked_at.keys()]
    return [words for words in (*_codes(looked_at), *told) if words]


def _codes(looked_at: Mapping[str, Any]) -> list[str]:
    known = {code.value: code.label for code in Code}
    counts: Mapping[str, int] = looked_at.get("codes", {})
    return [f"{known.get(code, code)}: {rows}" for code, rows in counts.items()]


def _sent(at: Mapping[str, Any]) -> str:
    arrived = localtime(datetime.fromisoformat(at["sent"]))
    closes = datetime.fromisoformat(at["closes"]).date()
    return _("sent {sent} {time}, window until {closes}").format(
        sent=day(arrived.date()), time=f"{arrived:%H.%M.%S}", closes=day(closes)
    )


def _list(at: Mapping[str, Any]) -> str:
    return _("list {number}, register as of delivery {delivery}").format(
        number=at["list"] or "–", delivery=at["delivery"] or "–"
    )


def _by_name(at: Mapping[str, Any]) -> str:
    return _("{rows} rows by name, date of birth and nationality alone").format(rows=at["by_name"])


def _persons(at: Mapping[str, Any]) -> str:
    return _("{persons} persons in {year}, at least {least} needed").format(
        persons=at["persons"], year=at["year"], least=at["least"]
    )


def _agreement(at: Mapping[str, Any]) -> str:
    return _("{rows} rows on their day of moving in; {declared}").format(
        rows=at["rows"], declared=_declared(at)
    )


def _own_agreement(at: Mapping[str, Any]) -> str:
    on = day(datetime.fromisoformat(at["on"]).date())
    return _("the applicant's own on {day}; {declared}").format(day=on, declared=_declared(at))


def _declared(at: Mapping[str, Any]) -> str:
    return _("declared by the applicant") if at["declared"] else _("not declared")


Sentence = Callable[[Mapping[str, Any]], str]
SENTENCES: tuple[tuple[set[str], Sentence], ...] = (
    ({"sent", "closes"}, _sent),
    ({"list", "delivery"}, _list),
    ({"by_name"}, _by_name),
    ({"least", "persons", "year"}, _persons),
    ({"rows", "declared"}, _agreement),
    ({"on", "declared"}, _own_agreement),
)
