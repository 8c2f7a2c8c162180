"""The table of what all processes must know together where there is no Redis: tries to sign in."""

from django.db import migrations

CREATE = """
    CREATE UNLOGGED TABLE registry_cache (
        cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
    );
    CREATE INDEX registry_cache_expires ON registry_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_access_guards")]
    operations = [migrations.RunSQL(CREATE, "DROP TABLE registry_cache")]
