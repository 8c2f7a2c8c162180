"""Settings, all from the environment; a missing or malformed value stops the start with a sentence.

The entry points set DATABASE_URL to the embedded server when the environment has none
(config/lib/embedded.py). DEMO, on by default only there, fills in keys for artificial data.
"""

import logging
import os
from hashlib import sha256
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env
from stdnum import bic, iban

from config.lib import embedded
from config.lib.sealing import parse_keys

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()


def required(name: str, demo: str) -> str:
    """Value of an environment variable, or its demo value when DEMO is on."""
    value = env.str(name, demo if DEMO else "")
    if not value:
        raise ImproperlyConfigured(f"Set {name} in the environment (see README, Settings).")
    return value


if not env.str("DATABASE_URL", ""):
    raise ImproperlyConfigured(
        "Set DATABASE_URL, or start through manage.py, which brings its own."
    )
# A site that makes a thread for each request would leave a connection open in each of them.
CONN_MAX_AGE = env.int("CONN_MAX_AGE", 0)
DATABASES = {
    "default": env.dj_db_url("DATABASE_URL", conn_max_age=CONN_MAX_AGE, conn_health_checks=True)
}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL server (15 or later).")

DEMO = env.bool("DEMO", embedded.is_embedded(env.str("DATABASE_URL")))
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = required("SECRET_KEY", demo="demo-only-key-for-artificial-data-" + "x" * 40)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"] if DEMO else [])

# Identity codes: AES-GCM keys by version (the highest seals), and the key of the look-up hash.
DEMO_KEY = "1:ZGVtby1vbmx5LWtleS1mb3ItYXJ0aWZpY2lhbC1kYXQ="
IDENTITY_CODE_KEYS = parse_keys(required("IDENTITY_CODE_KEYS", demo=DEMO_KEY))
IDENTITY_HASH_KEY = sha256(required("IDENTITY_HASH_KEY", demo="demo-only").encode()).digest()
ALLOW_ARTIFICIAL_IDENTITY_CODES = env.bool("ALLOW_ARTIFICIAL_IDENTITY_CODES", DEMO)

# Largest delivery accepted, unpacked (interfaces: 2 GiB).
DELIVERY_MAX_BYTES = env.int("DELIVERY_MAX_BYTES", 2 * 1024**3)

PERSONS_SHOWN_TO_PAYEES = env.bool("PERSONS_SHOWN_TO_PAYEES", True)  # P-13; false: totals only

# Where the daily anchors of the log's chain are written; copy them out of this machine's reach.
AUDIT_ANCHOR_FOLDER = env.path("AUDIT_ANCHOR_FOLDER", BASE_DIR / "var" / "audit")

# Sign-in. A proxy says who asks only when told so: the number of proxies in front of the service.
PROXIES = env.int("PROXIES", 0)
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", 30)
SESSION_HOURS = env.int("SESSION_HOURS", 10)
FRESH_SIGN_IN_MINUTES = env.int("FRESH_SIGN_IN_MINUTES", 10)
SECOND_FACTOR_REQUIRED = not DEMO

# The payer's account, and the way of files to the bank: a class of payments.bank.outbound.
BANK_DEBTOR_IBAN = required("BANK_DEBTOR_IBAN", demo="FI2112345600000785")
BANK_DEBTOR_BIC = required("BANK_DEBTOR_BIC", demo="NDEAFIHH")
if not iban.is_valid(BANK_DEBTOR_IBAN):
    raise ImproperlyConfigured("BANK_DEBTOR_IBAN is not an IBAN.")
if not bic.is_valid(BANK_DEBTOR_BIC):
    raise ImproperlyConfigured("BANK_DEBTOR_BIC is not a BIC.")
BANK_OUTBOUND = env.str("BANK_OUTBOUND", "payments.bank.outbound.Folder")
BANK_FOLDER = env.path("BANK_FOLDER", BASE_DIR / "var" / "bank")
BANK_SFTP_HOST = env.str("BANK_SFTP_HOST", "")
BANK_SFTP_PORT = env.int("BANK_SFTP_PORT", 22)
BANK_SFTP_USER = env.str("BANK_SFTP_USER", "")
BANK_SFTP_KEY = env.str("BANK_SFTP_KEY", "")
BANK_SFTP_KNOWN_HOSTS = env.str("BANK_SFTP_KNOWN_HOSTS", "")
BANK_SFTP_FOLDER = env.str("BANK_SFTP_FOLDER", ".")
# After these a transfer is unknown: hours to the first answer, banking days from due to booked.
BANK_ANSWER_HOURS = env.int("BANK_ANSWER_HOURS", 24)
BANK_BOOKING_DAYS = env.int("BANK_BOOKING_DAYS", 3)

# OpenID Connect, where OIDC_ISSUER names a provider (registry/access/signin/oidc/).
OIDC_ISSUER = env.str("OIDC_ISSUER", "")
if OIDC_ISSUER and not OIDC_ISSUER.startswith("https://"):
    raise ImproperlyConfigured("OIDC_ISSUER must be an https address.")
OIDC_CLIENT_ID = required("OIDC_CLIENT_ID", demo="") if OIDC_ISSUER else ""
OIDC_CLIENT_SECRET = required("OIDC_CLIENT_SECRET", demo="") if OIDC_ISSUER else ""
OIDC_SCOPES = env.list("OIDC_SCOPES", ["openid", "profile"])
OIDC_QUALIFIER = env.str("OIDC_QUALIFIER", "KOTO")
OIDC_CLAIMS = {
    "given_name": "given_name",
    "family_name": "family_name",
    "organisations": "organizations",
    "business_id": "identifier",
    "qualifiers": "roles",
}
claims: dict[str, str] = env.dict("OIDC_CLAIMS", {})
if not claims.keys() <= OIDC_CLAIMS.keys():
    raise ImproperlyConfigured(f"OIDC_CLAIMS may name {', '.join(OIDC_CLAIMS)} (see README).")
OIDC_CLAIMS |= claims

INSTALLED_APPS = [
    "config.apps.CoordinatorAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "csp",
    "django.forms",
    "django_htmx",  # its static files: htmx
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "import_export",
    "allauth.account",
    "allauth.mfa",
    "registry",
    "grants",
    "payments",
]

MIDDLEWARE = [
    "config.lib.headers.safe_headers",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.lib.language.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "registry.access.signin.sessions.session_limits",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",  # every page but those that say not
    "registry.access.middleware.ActingFor",
    "allauth.account.middleware.AccountMiddleware",
    "registry.access.signin.fresh.AskAgain",
    "registry.access.signin.factors.SecondFactor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "config.navigation.menu",
            ],
            "builtins": ["config.templatetags.components", "config.templatetags.finnish"],
        },
    },
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "registry.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "front"
LOGOUT_REDIRECT_URL = "login"

SESSION_COOKIE_AGE = SESSION_HOURS * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# django-allauth: accounts are made by coordinators; nobody signs up, no mail is sent.
ACCOUNT_ADAPTER = "registry.access.signin.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "registry.access.signin.forms.SignInForm",
    "reauthenticate": "registry.access.signin.forms.PasswordAgainForm",
    "change_password": "registry.access.signin.forms.NewPasswordForm",
}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = FRESH_SIGN_IN_MINUTES * 60
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
MFA_ADAPTER = "registry.access.signin.adapters.FactorAdapter"
MFA_FORMS = {
    "authenticate": "registry.access.signin.forms.CodeForm",
    "authenticate_webauthn": "registry.access.signin.forms.PasskeyForm",
    "reauthenticate": "registry.access.signin.forms.CodeAgainForm",
    "reauthenticate_webauthn": "registry.access.signin.forms.PasskeyAgainForm",
    "login_webauthn": "registry.access.signin.forms.PasskeySignInForm",
    "activate_totp": "registry.access.signin.forms.NewTotpForm",
    "add_webauthn": "registry.access.signin.forms.NewPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Kuntakorvaus"

# Mail says only that something waits, with an address of this site; the demo shows it on the terminal.
SITE_ADDRESS = required("SITE_ADDRESS", demo="http://localhost:8000").rstrip("/")
EMAIL_HOST = required("EMAIL_HOST", demo="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10
# So many days before the last day to answer the applicant is reminded.
REMINDER_DAYS = env.int("REMINDER_DAYS", 3)
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", "kuntakorvaus@localhost")
MAILER = "console" if DEMO and not env.str("EMAIL_HOST", "") else "smtp"
EMAIL_BACKEND = f"django.core.mail.backends.{MAILER}.EmailBackend"

LANGUAGE_CODE = "fi"
FORMAT_MODULE_PATH = ["config.formats"]
LANGUAGES = [("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Helsinki"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.lib.frontend.GovukFinder",
]
FORM_RENDERER = "config.lib.frontend.GovukForms"
# The demo serves files from where they lie; elsewhere collectstatic has gathered them.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEMO

# Without REDIS_URL tasks run in the calling process, and the terminal says so; what all processes
# must know together (tries to sign in, codes used) is then in a table.
REDIS_URL = env.str("REDIS_URL", "")
REDIS_CACHE = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
TABLE_CACHE = {
    "BACKEND": "django.core.cache.backends.db.DatabaseCache",
    "LOCATION": "registry_cache",
    "OPTIONS": {"MAX_ENTRIES": 100_000},  # so many names tried do not push out the first
}
CACHES = {"default": {**(REDIS_CACHE if REDIS_URL else TABLE_CACHE), "KEY_PREFIX": "kuntakorvaus"}}
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_ALWAYS_EAGER = not REDIS_URL
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
# A worker that is silent for so long has lost what it was computing; half of it between sweeps.
LEASE_SECONDS = env.int("LEASE_SECONDS", 30)
# So many lists of persons are read at once by all workers together: pages are waited for, lists not.
LIST_READERS = env.int("LIST_READERS", max(1, (os.cpu_count() or 1) // 2))

# Nothing inline, nothing from elsewhere; also in the administration site.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],  # never asked for: the style names fonts that no page uses
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
    },
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

if not DEMO:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"  # browsers then refuse one set by a neighbouring host
    CSRF_COOKIE_NAME = "__Host-csrf"
    if PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Nothing of what a log line is about but where it was (config/lib/logs.py); no mail of faults,
# which would hold what was posted.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "config.lib.logs.WithoutMessages",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {"django": {"handlers": [], "propagate": True}},
    "root": {"handlers": ["console"], "level": env.log_level("LOG_LEVEL", logging.WARNING)},
}
