"""Partitions of a run are made, keyed and dropped by the tables' owner for whoever may ask (P-10).

A service whose database role owns nothing computes months with these three functions alone; what
they cannot do to an approved run, the service cannot.
"""

from django.db import migrations

# SECURITY DEFINER: the owner acts, with a search path nobody else can fill.
AS_OWNER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"

CREATE = f"""
CREATE FUNCTION payments_partitions_create(run bigint) RETURNS void {AS_OWNER} AS $$
DECLARE
    parent regclass;
    allowed record;
BEGIN
    FOREACH parent IN ARRAY '{{payments_assessment,payments_line}}'::regclass[] LOOP
        EXECUTE format('CREATE TABLE %I (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS)',
                       parent || '_run_' || run, parent);
        FOR allowed IN
            SELECT acl.privilege_type, acl.grantee
            FROM pg_class c, aclexplode(c.relacl) acl
            WHERE c.oid = parent AND acl.grantee <> c.relowner
        LOOP
            EXECUTE format('GRANT %s ON %I TO %s', allowed.privilege_type, parent || '_run_' || run,
                           CASE allowed.grantee WHEN 0 THEN 'PUBLIC'
                           ELSE allowed.grantee::regrole::text END);
        END LOOP;
    END LOOP;
END $$;
"""

ATTACH = f"""
CREATE FUNCTION payments_partitions_attach(run bigint) RETURNS void {AS_OWNER}
SET maintenance_work_mem = '512MB' SET default_statistics_target = 10 AS $$
DECLARE
    key record;
    part text;
BEGIN
    FOR key IN VALUES
        ('payments_assessment', 'run_id, person_id, benefit_month', ''),
        ('payments_line', 'run_id, person_id, benefit_month, payee_id, component',
         ', ADD FOREIGN KEY (payee_id) REFERENCES registry_organisation')
    LOOP
        part := key.column1 || '_run_' || run;
        EXECUTE format(
            'ALTER TABLE %1$I ADD PRIMARY KEY (%2$s), ADD CONSTRAINT %3$I CHECK (run_id = %4$s),'
            ' ADD FOREIGN KEY (run_id) REFERENCES payments_run,'
            ' ADD FOREIGN KEY (person_id) REFERENCES registry_person' || key.column3,
            part, key.column2, part || '_only', run);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES IN (%s)',
                       key.column1, part, run);
        EXECUTE format('ALTER TABLE %I DROP CONSTRAINT %I', part, part || '_only');
        EXECUTE format('CREATE TRIGGER never_emptied BEFORE TRUNCATE ON %I'
                       ' FOR EACH STATEMENT EXECUTE FUNCTION payments_append_only()', part);
        EXECUTE format('ANALYZE %I', part);
    END LOOP;
END $$;
"""

DROP = f"""
CREATE FUNCTION payments_partitions_drop(run bigint) RETURNS void {AS_OWNER} AS $$
BEGIN
    IF EXISTS (SELECT FROM payments_run WHERE id = run AND status = 'approved') THEN
        RAISE EXCEPTION 'The partitions of an approved run are kept.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    EXECUTE format('DROP TABLE IF EXISTS %I, %I',
                   'payments_assessment_run_' || run, 'payments_line_run_' || run);
END $$;
"""

RIGHTS = """
REVOKE EXECUTE ON FUNCTION payments_partitions_create, payments_partitions_attach,
    payments_partitions_drop FROM PUBLIC;
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON payments_line
    FOR EACH STATEMENT EXECUTE FUNCTION payments_append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON payments_assessment
    FOR EACH STATEMENT EXECUTE FUNCTION payments_append_only();
"""

BACK = """
DROP TRIGGER never_emptied ON payments_assessment;
DROP TRIGGER never_emptied ON payments_line;
DROP FUNCTION payments_partitions_create, payments_partitions_attach, payments_partitions_drop;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0027_recoveries_of_supports")]
    operations = [migrations.RunSQL(CREATE + ATTACH + DROP + RIGHTS, BACK)]
