"""What lies beyond the limits of a run is accepted with a reason, or the run waits."""

import django.contrib.postgres.constraints
import django.db.models.deletion
import registry.organisations.models
from django.conf import settings
from django.db import migrations, models

WAIT = """
CREATE FUNCTION payments_wait_for_anomalies() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM payments_runanomaly
               WHERE run_id = NEW.id AND accepted_by_id IS NULL) THEN
        RAISE EXCEPTION 'The run of % waits until its anomalies are accepted with a reason.',
            to_char(NEW.month, 'YYYY-MM') USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER wait_for_anomalies BEFORE UPDATE OF status ON payments_run
    FOR EACH ROW WHEN (NEW.status = 'approved') EXECUTE FUNCTION payments_wait_for_anomalies();
"""

# An anomaly is found while the run is computed, accepted once, and goes only with its draft.
KEEP = """
CREATE FUNCTION payments_keep_anomaly() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF NOT EXISTS (
            SELECT FROM payments_runstep
            WHERE run_id = OLD.run_id AND deed IN ('cancelled', 'replaced')
              AND at >= transaction_timestamp()
        ) THEN
            RAISE EXCEPTION 'An anomaly goes only with its draft.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.accepted_by_id IS NOT NULL OR to_jsonb(OLD) - '{accepted_by_id,accepted_at,reason}'::text[]
                                      <> to_jsonb(NEW) - '{accepted_by_id,accepted_at,reason}'::text[]
    THEN
        RAISE EXCEPTION 'An anomaly is accepted once and never changed.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (
        SELECT FROM registry_hand
        WHERE object_type = 'payments.run' AND object_id = NEW.run_id
          AND user_id = NEW.accepted_by_id
          AND part IN ('imported', 'prepared', 'corrected', 'proposed')
    ) THEN
        RAISE EXCEPTION 'Whoever has touched a run does not accept its anomalies (P-01).'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_anomaly BEFORE UPDATE OR DELETE ON payments_runanomaly
    FOR EACH ROW EXECUTE FUNCTION payments_keep_anomaly();
CREATE TRIGGER keep_run_row BEFORE INSERT OR UPDATE OR DELETE ON payments_runanomaly
    FOR EACH ROW EXECUTE FUNCTION payments_keep_run_row();
"""

DROP = """
DROP TRIGGER keep_run_row ON payments_runanomaly;
DROP TRIGGER keep_anomaly ON payments_runanomaly;
DROP FUNCTION payments_keep_anomaly;
DROP TRIGGER wait_for_anomalies ON payments_run;
DROP FUNCTION payments_wait_for_anomalies;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0010_run_changes"),
        ("registry", "0011_mandates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CheckLimit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("payee_total", "payee's sum against last month (%, cents)"),
                            ("payee_persons", "payee's persons against last month (%, persons)"),
                            ("corrections", "corrections of all that is paid (%, cents)"),
                            ("delivery_age", "age of the registry delivery (days)"),
                            ("refused_rows", "refused rows of the run's deliveries (%, rows)"),
                            ("no_bank_details", "payees without bank details (payees, cents held)"),
                            ("no_identity_code", "persons without an identity code (%, persons)"),
                        ],
                        max_length=16,
                        verbose_name="check",
                    ),
                ),
                (
                    "limit",
                    models.DecimalField(decimal_places=2, max_digits=9, verbose_name="limit"),
                ),
                ("least", models.BigIntegerField(default=0, verbose_name="least that matters")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
                ("source", models.CharField(max_length=100, verbose_name="source")),
            ],
            options={
                "verbose_name": "limit of a check",
                "verbose_name_plural": "limits of checks",
                "ordering": ("kind", "valid_from"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gte", models.F("valid_from"))),
                        name="check_limit_validity",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("least__gte", 0), ("limit__gte", 0)),
                        name="check_limit_not_negative",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=(
                            ("kind", "="),
                            (
                                registry.organisations.models.DateRange("valid_from", "valid_to"),
                                "&&",
                            ),
                        ),
                        name="check_limit_one_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RunAnomaly",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("payee_total", "payee's sum against last month (%, cents)"),
                            ("payee_persons", "payee's persons against last month (%, persons)"),
                            ("corrections", "corrections of all that is paid (%, cents)"),
                            ("delivery_age", "age of the registry delivery (days)"),
                            ("refused_rows", "refused rows of the run's deliveries (%, rows)"),
                            ("no_bank_details", "payees without bank details (payees, cents held)"),
                            ("no_identity_code", "persons without an identity code (%, persons)"),
                        ],
                        max_length=16,
                        verbose_name="check",
                    ),
                ),
                (
                    "measured",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="measured"),
                ),
                (
                    "limit",
                    models.DecimalField(decimal_places=2, max_digits=9, verbose_name="limit"),
                ),
                ("facts", models.JSONField(default=dict)),
                ("accepted_at", models.DateTimeField(null=True, verbose_name="accepted")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="accepted by",
                    ),
                ),
                (
                    "payee",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="anomalies",
                        to="payments.run",
                    ),
                ),
            ],
            options={
                "verbose_name": "anomaly of a run",
                "verbose_name_plural": "anomalies of runs",
                "ordering": ("run", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "kind", "payee"),
                        name="run_anomaly_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at", None), ("accepted_by", None), ("reason", "")),
                            models.Q(
                                ("accepted_at__isnull", False),
                                ("accepted_by__isnull", False),
                                ("reason__regex", "\\S"),
                            ),
                            _connector="OR",
                        ),
                        name="run_anomaly_accepted_with_a_reason",
                    ),
                ],
            },
        ),
        migrations.RunSQL(WAIT + KEEP, DROP),
    ]
