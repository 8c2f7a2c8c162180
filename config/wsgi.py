"""WSGI entry point, on the embedded PostgreSQL when DATABASE_URL is unset."""

import os

from django.core.wsgi import get_wsgi_application

from config.lib import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
embedded.ensure()
application = get_wsgi_application()
