"""Every text of the service is there in Finnish and Swedish."""

import pytest
from django.utils.translation import gettext, override

from config.lib import messages

LANGUAGES = ["fi", "sv"]


@pytest.fixture(scope="module")
def collected():
    return {(m.context, m.id): m for m in messages.collect() if m.id}


@pytest.fixture(params=LANGUAGES)
def catalogue(request):
    return messages.read(messages.LOCALES / request.param / "LC_MESSAGES" / "django.po")


def test_every_text_is_translated(collected, catalogue):
    translated = {(m.context, m.id) for m in catalogue if m.id and m.string and all(m.string)}
    missing = sorted(str(key) for key in collected.keys() - translated)
    assert not missing, f"run 'make messages' and translate in locale/{catalogue.locale}"


def test_no_translation_is_guessed_or_left_over(collected, catalogue):
    assert not [m.id for m in catalogue if m.id and m.fuzzy]
    assert not sorted(str(m.id) for m in catalogue if m.id and (m.context, m.id) not in collected)


def test_placeholders_are_kept(catalogue):
    assert not [
        (m.id, [str(e) for e in m.check(catalogue)]) for m in catalogue if any(m.check(catalogue))
    ]


def test_texts_of_code_and_templates_are_collected(collected):
    files = {name for message in collected.values() for name, _line in message.locations}
    assert {name.partition(".")[2] for name in files} >= {"py", "html"}


@pytest.mark.parametrize(("language", "text"), [("fi", "kunta"), ("sv", "kommun")])
def test_translations_are_compiled(language, text):
    with override(language):
        assert gettext("municipality") == text
