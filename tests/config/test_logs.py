"""Log lines say where and what kind, never what an exception repeats."""

from __future__ import annotations

import logging

import pytest
from django.conf import settings

from config.lib.logs import WithoutMessages

SECRET = "131052-308T"


def written(exception: BaseException) -> str:
    try:
        raise exception
    except type(exception) as caught:
        info = (type(caught), caught, caught.__traceback__)
    record = logging.LogRecord("django.request", logging.ERROR, "", 1, "Fault: %s", ("/",), info)
    return WithoutMessages("{levelname} {message}", style="{").format(record)


def test_an_exception_is_its_class_and_place():
    text = written(ValueError(SECRET))
    assert text.startswith("ERROR Fault: /\n")
    assert text.endswith("builtins.ValueError")
    assert "test_logs.py" in text
    assert SECRET not in text


@pytest.mark.parametrize("explicit", [True, False])
def test_so_are_those_it_came_from(explicit):
    first, last = KeyError(SECRET), RuntimeError(SECRET)
    if explicit:
        last.__cause__ = first
    else:
        last.__context__ = first
    text = written(last)
    assert text.index("builtins.KeyError") < text.index("builtins.RuntimeError")
    assert SECRET not in text


def test_every_log_line_is_written_so():
    assert settings.LOGGING["handlers"]["console"]["formatter"] == "plain"
    assert settings.LOGGING["formatters"]["plain"]["()"].endswith("WithoutMessages")
    assert settings.LOGGING["loggers"]["django"]["handlers"] == []
