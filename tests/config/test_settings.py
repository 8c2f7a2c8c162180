"""Settings fail loudly: a sentence and no start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVER = "postgresql://somebody@db.example/kuntakorvaus"
KEY = "1:" + "A" * 43 + "="
GOOD = {
    "DATABASE_URL": SERVER,
    "SECRET_KEY": "kuntakorvaus-check-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
    "IDENTITY_CODE_KEYS": KEY,
    "IDENTITY_HASH_KEY": "another",
    "ALLOWED_HOSTS": "kuntakorvaus.example",
    "BANK_DEBTOR_IBAN": "FI2112345600000785",
    "BANK_DEBTOR_BIC": "NDEAFIHH",
    "EMAIL_HOST": "mail.example",
    "SITE_ADDRESS": "https://kuntakorvaus.example",
    "DEMO": "false",
}
READ = "from django.conf import settings; settings.DEBUG"


def start(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    env = {**kept, "DJANGO_SETTINGS_MODULE": "config.settings", **environment}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


def test_sound_settings_pass_the_checks_for_production():
    done = start("manage.py", "check", "--deploy", "--fail-level", "WARNING", **GOOD)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "name",
    [
        "SECRET_KEY",
        "IDENTITY_CODE_KEYS",
        "IDENTITY_HASH_KEY",
        "BANK_DEBTOR_IBAN",
        "BANK_DEBTOR_BIC",
        "EMAIL_HOST",
        "SITE_ADDRESS",
    ],
)
def test_a_missing_secret_stops_the_start(name):
    done = start("-c", READ, **{**GOOD, name: ""})
    assert done.returncode == 1
    assert f"Set {name} in the environment" in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DATABASE_URL", "", "Set DATABASE_URL, or start through manage.py"),
        ("DATABASE_URL", "sqlite:///db", "DATABASE_URL must name a PostgreSQL server"),
        ("DEMO", "perhaps", "DEMO"),
        ("IDENTITY_CODE_KEYS", "1:short", "IDENTITY_CODE_KEYS is malformed"),
        ("DELIVERY_MAX_BYTES", "much", "DELIVERY_MAX_BYTES"),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL"),
        ("BANK_DEBTOR_IBAN", "FI2112345600000786", "BANK_DEBTOR_IBAN is not an IBAN"),
        ("BANK_DEBTOR_BIC", "NDEA", "BANK_DEBTOR_BIC is not a BIC"),
        ("OIDC_ISSUER", "http://idp.example", "OIDC_ISSUER must be an https address"),
        ("OIDC_ISSUER", "https://idp.example", "Set OIDC_CLIENT_ID in the environment"),
        ("OIDC_CLAIMS", "surname=sn", "OIDC_CLAIMS may name given_name"),
        ("SESSION_HOURS", "many", "SESSION_HOURS"),
    ],
)
def test_a_malformed_value_stops_the_start(name, value, sentence):
    done = start("-c", READ, **{**GOOD, name: value})
    assert done.returncode == 1
    assert sentence in done.stderr.strip().splitlines()[-1]


def test_demo_keys_are_not_for_servers():
    done = start("-c", READ, DATABASE_URL=SERVER)
    assert "Set SECRET_KEY in the environment" in done.stderr


def test_tasks_are_handed_to_workers_only_with_redis():
    tell = "from config.celery import where_tasks_run; print(where_tasks_run())"
    assert "in this process" in start("-c", tell, **GOOD).stdout
    redis = start("-c", tell, **GOOD, REDIS_URL="redis://redis.example/0")
    assert "workers of REDIS_URL" in redis.stdout


def test_tries_to_sign_in_are_counted_in_redis_where_there_is_one():
    tell = (
        "import django; django.setup(); from django.core.cache import caches;"
        "print(type(caches['default']).__name__)"
    )
    assert start("-c", tell, **GOOD).stdout == "DatabaseCache\n"
    redis = start("-c", tell, **GOOD, REDIS_URL="redis://redis.example/0")
    assert redis.stdout == "RedisCache\n"


def test_proxies_are_believed_only_when_told_of():
    tell = "from django.conf import settings as s; print(s.SECURE_PROXY_SSL_HEADER)"
    assert start("-c", tell, **GOOD).stdout == "None\n"
    assert "HTTP_X_FORWARDED_PROTO" in start("-c", tell, **GOOD, PROXIES="1").stdout
