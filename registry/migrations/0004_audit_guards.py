"""The logs are only added to; new entries wait for their seal; the admin site is logged (P-10)."""

from django.db import migrations

LOGS = {"audit": "registry_auditevent", "disclosure": "registry_disclosureevent"}
REFUSED = {table: "UPDATE OR DELETE OR TRUNCATE" for table in (*LOGS.values(), "registry_seal")}
REFUSED |= {"registry_unsealed": "UPDATE OR TRUNCATE"}

KEEP_LOG = """
CREATE FUNCTION registry_keep_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of the log (%) are never changed or deleted.', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER keep_log BEFORE {operations} ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION registry_keep_log();
"""
    for table, operations in REFUSED.items()
)

# What is still to be sealed is a list of its own: the seal sees what has been committed, waits
# for nobody, and what commits later is in a later seal.
WAIT_FOR_SEAL = """
CREATE FUNCTION registry_wait_for_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO registry_unsealed (log, event_id) SELECT TG_ARGV[0], id FROM arrived;
    RETURN NULL;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER wait_for_seal AFTER INSERT ON {table} REFERENCING NEW TABLE AS arrived
    FOR EACH STATEMENT EXECUTE FUNCTION registry_wait_for_seal('{log}');
"""
    for log, table in LOGS.items()
)

# Django's admin site writes its own log, row by row or in bulk; its texts may hold personal data
# and stay there.
LOG_ADMIN = """
CREATE FUNCTION registry_log_admin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO registry_auditevent (actor_id, case_ref, persons, verb, outcome, object_type,
                                     object_id, purpose, details)
    SELECT a.user_id, '', '{}',
           CASE a.action_flag WHEN 1 THEN 'created' WHEN 2 THEN 'changed' ELSE 'deleted' END,
           'done', coalesce(t.app_label || '.' || t.model, ''), left(coalesce(a.object_id, ''), 40),
           'administration', '{}'
    FROM arrived a LEFT JOIN django_content_type t ON t.id = a.content_type_id
    ORDER BY a.id;
    RETURN NULL;
END $$;
CREATE TRIGGER log_admin AFTER INSERT ON django_admin_log REFERENCING NEW TABLE AS arrived
    FOR EACH STATEMENT EXECUTE FUNCTION registry_log_admin();
"""


def undo(trigger, function, tables):
    return "".join(f"DROP TRIGGER {trigger} ON {table};" for table in tables) + (
        f"DROP FUNCTION {function};"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0003_audit_log"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunSQL(KEEP_LOG, undo("keep_log", "registry_keep_log", REFUSED)),
        migrations.RunSQL(
            WAIT_FOR_SEAL, undo("wait_for_seal", "registry_wait_for_seal", LOGS.values())
        ),
        migrations.RunSQL(LOG_ADMIN, undo("log_admin", "registry_log_admin", ["django_admin_log"])),
    ]
