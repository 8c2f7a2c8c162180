"""Sums by payee, rate, ground and cause of each run; every correction's line names its cause."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


# Runs booked before causes were kept: their corrections are of some other change.
CAUSES = """
ALTER TABLE payments_line ADD COLUMN cause varchar(15) NOT NULL DEFAULT '';
ALTER TABLE payments_line DISABLE TRIGGER append_only;
UPDATE payments_line SET cause = 'other' WHERE kind = 'correction';
ALTER TABLE payments_line ENABLE TRIGGER append_only;
ALTER TABLE payments_line ADD CHECK ((kind = 'correction') = (cause <> ''));
-- A payee's lines by person, for its own pages; each new partition gets it when attached.
CREATE INDEX payments_line_payee ON payments_line (payee_id, person_id);
"""

SUMS_OF_EARLIER_RUNS = """
INSERT INTO payments_payeesum (run_id, payee_id, rate_id, ground_id, persons, cents)
SELECT a.run_id, part.payee_id, rate.id, p.ground_id, count(*), count(*) * rate.monthly_cents
FROM payments_run r
JOIN payments_assessment a
  ON a.run_id = r.id AND a.benefit_month = r.month AND a.outcome = 'paid'
JOIN registry_permit p ON p.id = a.permit_id
CROSS JOIN LATERAL (VALUES
    (a.municipality_id, a.municipality_base_rate_id),
    (a.municipality_id, a.municipality_adult_rate_id),
    (a.county_id, a.county_base_rate_id), (a.county_id, a.county_adult_rate_id)
) AS part (payee_id, rate_id)
JOIN payments_rate rate ON rate.id = part.rate_id AND rate.monthly_cents > 0
GROUP BY a.run_id, part.payee_id, rate.id, p.ground_id;

INSERT INTO payments_payeecorrection
    (run_id, payee_id, benefit_month, cause, persons, added_cents, removed_cents)
SELECT run_id, payee_id, benefit_month, cause, count(DISTINCT person_id),
       coalesce(sum(amount_cents) FILTER (WHERE amount_cents > 0), 0),
       coalesce(sum(amount_cents) FILTER (WHERE amount_cents < 0), 0)
FROM payments_line
WHERE kind = 'correction'
GROUP BY run_id, payee_id, benefit_month, cause;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""

KEEP = """
CREATE TRIGGER keep_run_row BEFORE INSERT OR UPDATE OR DELETE ON payments_payeesum
    FOR EACH ROW EXECUTE FUNCTION payments_keep_run_row();
CREATE TRIGGER keep_run_row BEFORE INSERT OR UPDATE OR DELETE ON payments_payeecorrection
    FOR EACH ROW EXECUTE FUNCTION payments_keep_run_row();
"""

DROP = """
DROP TRIGGER keep_run_row ON payments_payeesum;
DROP TRIGGER keep_run_row ON payments_payeecorrection;
DROP INDEX payments_line_payee;
ALTER TABLE payments_line DROP COLUMN cause;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0002_ledger"),
        ("registry", "0004_audit_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="PayeeCorrection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("benefit_month", models.DateField(verbose_name="benefit month")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("moved_away", "moved to another municipality"),
                            ("moved_in", "moved in from another municipality"),
                            ("death", "date of death"),
                            ("citizenship", "Finnish citizenship"),
                            ("identity_code", "personal identity code"),
                            ("no_home", "no home municipality any more"),
                            ("registered_late", "home municipality registered late"),
                            ("permit_ended", "permit ended or out of scope"),
                            ("late_permit", "permit in scope known late"),
                            ("time", "compensation time counted anew"),
                            ("agreement", "municipality's agreement"),
                            ("age", "age group"),
                            ("adult", "adult component"),
                            ("rate", "rate"),
                            ("other", "other change"),
                        ],
                        max_length=15,
                        verbose_name="cause",
                    ),
                ),
                ("persons", models.PositiveIntegerField(verbose_name="persons")),
                ("added_cents", models.BigIntegerField(verbose_name="added, cents")),
                ("removed_cents", models.BigIntegerField(verbose_name="removed, cents")),
                (
                    "cents",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            models.F("added_cents"), "+", models.F("removed_cents")
                        ),
                        output_field=models.BigIntegerField(),
                    ),
                ),
                (
                    "payee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="payee_corrections",
                        to="payments.run",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "payee", "benefit_month", "cause"),
                        name="payee_correction_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PayeeSum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("persons", models.PositiveIntegerField(verbose_name="persons")),
                ("cents", models.BigIntegerField(verbose_name="sum, cents")),
                (
                    "ground",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.ground",
                    ),
                ),
                (
                    "payee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
                (
                    "rate",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.rate",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="payee_sums",
                        to="payments.run",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "payee", "rate", "ground"), name="payee_sum_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(CAUSES + SUMS_OF_EARLIER_RUNS + KEEP, DROP),
    ]
