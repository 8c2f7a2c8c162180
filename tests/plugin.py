"""Loaded by pytest before pytest-django reads the settings: database up, translations compiled."""

import os

import pytest
from hypothesis import settings

from config.lib import embedded, messages

settings.register_profile("default", deadline=None, max_examples=200)
settings.register_profile("ci", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

messages.compile_all()
try:
    embedded.ensure()
except embedded.CannotStart as refused:
    pytest.exit(str(refused), returncode=2)
