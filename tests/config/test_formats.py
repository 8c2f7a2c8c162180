"""Days are read as they are written in Finland, in every language of the pages."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.utils.translation import override


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("text", ["5.3.2024", "05.03.2024", "2024-03-05"])
def test_a_day_is_read_in_every_language(language, text):
    with override(language):
        assert forms.DateField().clean(text) == date(2024, 3, 5)
