"""How each run follows from the one before, and whom it pays by group; kept after approval."""

import django.db.models.deletion
from django.db import migrations, models

KEEP = """
CREATE TRIGGER keep_run_row BEFORE INSERT OR UPDATE OR DELETE ON payments_runchange
    FOR EACH ROW EXECUTE FUNCTION payments_keep_run_row();
CREATE TRIGGER keep_run_row BEFORE INSERT OR UPDATE OR DELETE ON payments_rungroup
    FOR EACH ROW EXECUTE FUNCTION payments_keep_run_row();
"""

DROP = """
DROP TRIGGER keep_run_row ON payments_runchange;
DROP TRIGGER keep_run_row ON payments_rungroup;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0009_bank_guards"),
        ("registry", "0006_access_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="RunChange",
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
                            ("last", "last month"),
                            ("stayed", "stayed, nothing changed"),
                            ("late_in", "late facts, more"),
                            ("late_out", "late facts, less"),
                            ("left", "no longer paid"),
                            ("new", "new persons"),
                            ("moved_away", "moved away"),
                            ("moved_in", "moved in"),
                            ("age", "age group changed"),
                            ("adult_begins", "adult component begins"),
                            ("adult_ends", "adult component ends"),
                            ("rate", "rate changed"),
                            ("agreement", "municipality's agreement begins or ends"),
                            ("correction", "corrections of earlier months"),
                            ("recovery", "below zero, to recover"),
                        ],
                        max_length=12,
                        verbose_name="step",
                    ),
                ),
                ("persons", models.PositiveIntegerField(verbose_name="persons")),
                ("cents", models.BigIntegerField(verbose_name="sum, cents")),
                (
                    "delivery_persons",
                    models.PositiveIntegerField(default=0, verbose_name="persons of the delivery"),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.delivery",
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
                        related_name="changes",
                        to="payments.run",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "payee", "kind"),
                        name="run_change_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RunGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("ordinary", "ordinary"),
                            ("quota", "quota refugee"),
                            ("quota_family", "family of a quota refugee"),
                        ],
                        max_length=12,
                        verbose_name="group",
                    ),
                ),
                ("min_age", models.PositiveSmallIntegerField(verbose_name="from age")),
                ("persons", models.PositiveIntegerField(verbose_name="persons")),
                (
                    "adults",
                    models.PositiveIntegerField(verbose_name="persons with the adult component"),
                ),
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
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="groups",
                        to="payments.run",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "group", "ground", "min_age"), name="run_group_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(KEEP, DROP),
    ]
