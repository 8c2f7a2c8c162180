"""The frame of every page: its components, its files, and the headers of every answer."""

from __future__ import annotations

import contextlib
import re

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.template import engines
from django.test import Client, RequestFactory

from config.lib.frontend import FILES, GovukFinder
from config.lib.sorting import Sort
from tests.registry.test_sign_in import addresses

INLINE = re.compile(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:")


def draw(source: str, **context: object) -> str:
    """A template drawn for the page `/list/?sort=-name&after=7`."""
    request = RequestFactory().get("/list/?sort=-name&after=7")
    return engines["django"].from_string(source).render(context, request)


class AllFields(forms.Form):
    """One field of each kind."""

    name = forms.CharField(help_text="As in the passport")
    note = forms.CharField(widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")])
    side = forms.ChoiceField(choices=[("l", "L"), ("r", "R")], widget=forms.RadioSelect)
    sure = forms.BooleanField()
    file = forms.FileField()


def test_the_package_gives_its_style_and_script_and_nothing_else():
    finder = GovukFinder()
    assert [name for name, _storage in finder.list([])] == list(FILES)
    assert finder.find("govuk/govuk-frontend.min.css").endswith("govuk-frontend.min.css")
    assert not finder.find("govuk/index.scss") and not finder.find("govuk/../package.json")
    assert finder.check() == []


@pytest.mark.parametrize("name", FILES)
def test_its_files_are_served(client, db, name):
    with contextlib.closing(client.get(f"/static/govuk/{name}")) as response:
        assert response.status_code == 200


@pytest.mark.parametrize("field", ["name", "kind", "side", "sure", "file"])
def test_a_fault_is_said_in_the_summary_and_beside_its_field(field):
    page = draw('{% include "components/form.html" with button="Save" %}', form=AllFields({}))
    first = "id_side_0" if field == "side" else f"id_{field}"
    assert f'<a href="#{first}">' in page and f'id="{first}"' in page
    assert f'id="id_{field}_error"' in page
    assert re.search(rf'aria-describedby="[^"]*id_{field}_error', page)


def test_a_form_keeps_what_was_chosen_and_sends_files():
    given = {"name": "Aino", "kind": "b", "side": "r", "sure": "on"}
    form = AllFields(given, {"file": SimpleUploadedFile("a.csv", b"x")})
    page = draw('{% include "components/form.html" %}', form=form)
    assert 'enctype="multipart/form-data"' in page
    assert re.search(r'value="r"[^>]*\schecked', page) and not re.search(
        r'value="l"[^>]*\scheck', page
    )
    assert "There is a problem" not in page


def test_a_table_has_its_caption_and_its_file():
    page = draw('{% table "Towns" name="towns" download="/t.csv" %}<tr></tr>{% endtable %}')
    assert (
        '<caption id="towns"><span>Towns</span></caption>' in page
        and 'aria-labelledby="towns"' in page
    )
    assert 'href="/t.csv"' in page


@pytest.mark.parametrize(
    ("key", "address", "direction"),
    [("name", "?sort=name#t", 'aria-sort="descending"'), ("sum", "?sort=sum#t", "")],
)
def test_a_columns_head_orders_the_rows_from_the_first_page(key, address, direction):
    sort = Sort({"name": ("name",), "sum": ("cents",)}, "name", descending=True, table="t")
    page = draw(f'{{% column "Head" sort="{key}" %}}', sort=sort)
    assert f'href="{address}"' in page and (direction in page if direction else "aria-" not in page)


@pytest.mark.parametrize(
    ("address", "order"),
    [("/", ["name", "pk"]), ("/?sort=sum", ["cents", "pk"]), ("/?sort=-sum", ["-cents", "pk"])],
)
def test_rows_are_ordered_as_the_address_asks(address, order):
    fields = {"name": ("name",), "sum": ("cents",)}
    asked = Sort.asked(RequestFactory().get(address), fields, default="name")
    assert asked.order_by == order


def test_an_order_that_a_table_does_not_have_is_not_found():
    with pytest.raises(Http404):
        Sort.asked(RequestFactory().get("/?sort=password"), {"name": ("name",)}, default="name")


def test_a_part_in_tabs_is_found_by_its_label():
    page = draw('{% tabs "Parts" %}{% tab "One" name="a" %}1{% endtab %}{% endtabs %}')
    assert 'href="#a">One</a>' in page and 'id="a">1</div>' in page


def test_each_set_of_tabs_lists_its_own():
    parts = '{% tabs "T" %}{% tab "One" name="NAME" %}{% endtab %}{% endtabs %}'
    assert draw(parts.replace("NAME", "a") + parts.replace("NAME", "b")).count('href="#a"') == 1


def test_an_event_without_a_time_is_still_to_come():
    page = draw('{% timeline %}{% event "Approved" %}{% endevent %}{% endtimeline %}')
    assert 'data-state="to-come"' in page


@pytest.mark.parametrize("address", ["/accessibility/", "/privacy/"])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_statements_are_there_in_each_language(client, db, address, language):
    client.cookies["django_language"] = language
    page = client.get(address)
    assert page.templates[0].name.endswith(f".{language}.html")
    assert page.templates[0].name.startswith(f"statements{address[:-1]}")


@pytest.mark.parametrize("template", ["400.html", "500.html"])
def test_pages_of_faults_need_no_request(template):
    page = engines["django"].get_template(template).render()
    assert '<html lang="fi"' in page and '<div lang="sv">' in page


def test_a_form_from_elsewhere_is_refused_in_words(db):
    page = Client(enforce_csrf_checks=True).post("/language/", {"language": "sv"})
    assert page.status_code == 403 and "Lomaketta ei hyväksytty" in page.content.decode()


def assert_safe(response) -> None:
    """Every answer's headers; pages are kept nowhere."""
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "data:" not in policy
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response.headers["Permissions-Policy"]


@pytest.mark.parametrize(("name", "address"), list(addresses()))
def test_every_page_is_safe_and_kept_nowhere(client, tuula, name, address):
    client.raise_request_exception = False
    client.force_login(tuula)
    for response in (client.get(address), client.post(address)):
        assert_safe(response)
        assert "no-store" in response.headers["Cache-Control"], name
        assert response.streaming or not INLINE.search(response.content.decode()), name


@pytest.mark.parametrize("address", ["/nothing/", "/static/css/site.css", "/static/nothing.css"])
def test_errors_and_files_carry_the_headers_too(client, db, address):
    with contextlib.closing(client.get(address)) as response:
        assert_safe(response)


def test_a_request_for_another_host_is_refused_safely(client, db):
    response = client.get("/sign-in/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert_safe(response)
