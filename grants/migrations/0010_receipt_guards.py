"""A receipt is kept as it was made."""

from django.db import migrations

KEEP = """
CREATE TRIGGER keep_log BEFORE UPDATE OR DELETE OR TRUNCATE ON grants_receipt
    FOR EACH STATEMENT EXECUTE FUNCTION registry_keep_log();
"""


class Migration(migrations.Migration):
    dependencies = [("grants", "0009_receipts"), ("registry", "0004_audit_guards")]
    operations = [migrations.RunSQL(KEEP, "DROP TRIGGER keep_log ON grants_receipt;")]
