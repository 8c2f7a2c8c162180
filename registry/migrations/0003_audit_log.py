"""The access and disclosure logs and the seals over them (P-10)."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0002_register_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "number",
                    models.BigIntegerField(
                        primary_key=True, serialize=False, verbose_name="number"
                    ),
                ),
                (
                    "log",
                    models.CharField(
                        choices=[("audit", "access log"), ("disclosure", "disclosure log")],
                        max_length=10,
                        verbose_name="log",
                    ),
                ),
                ("count", models.IntegerField(verbose_name="entries")),
                ("first_event", models.BigIntegerField(verbose_name="first entry")),
                ("last_event", models.BigIntegerField(verbose_name="last entry")),
                (
                    "event_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        size=None,
                        verbose_name="entries in order",
                    ),
                ),
                ("digests", models.BinaryField(verbose_name="digests of the entries")),
                ("previous_hash", models.BinaryField(verbose_name="previous hash")),
                ("hash", models.BinaryField(verbose_name="hash")),
                ("sealed_at", models.DateTimeField(verbose_name="sealed at")),
            ],
            options={
                "verbose_name": "seal",
                "verbose_name_plural": "seals",
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="Unsealed",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "log",
                        "event_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "log",
                    models.CharField(
                        choices=[("audit", "access log"), ("disclosure", "disclosure log")],
                        max_length=10,
                    ),
                ),
                ("event_id", models.BigIntegerField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="time"
                    ),
                ),
                ("case_ref", models.CharField(blank=True, max_length=40, verbose_name="case")),
                (
                    "persons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        default=list,
                        size=None,
                        verbose_name="persons concerned",
                    ),
                ),
                (
                    "verb",
                    models.CharField(
                        choices=[
                            ("viewed", "viewed"),
                            ("searched", "searched"),
                            ("exported", "exported"),
                            ("imported", "imported"),
                            ("created", "created"),
                            ("changed", "changed"),
                            ("deleted", "deleted"),
                            ("checked", "checked"),
                            ("approved", "approved"),
                            ("signed_in", "signed in"),
                            ("signed_out", "signed out"),
                        ],
                        max_length=10,
                        verbose_name="what was done",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("done", "done"), ("refused", "refused")],
                        default="done",
                        max_length=7,
                        verbose_name="outcome",
                    ),
                ),
                ("object_type", models.CharField(blank=True, max_length=60, verbose_name="object")),
                (
                    "object_id",
                    models.CharField(blank=True, max_length=40, verbose_name="object's id"),
                ),
                (
                    "purpose",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("compensation", "calculated compensation"),
                            ("administration", "administration"),
                            ("access", "sign-in"),
                            ("oversight", "oversight of the log"),
                        ],
                        max_length=14,
                        verbose_name="purpose",
                    ),
                ),
                ("details", models.JSONField(default=dict, verbose_name="details")),
                (
                    "acting_for",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                        verbose_name="acting for",
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Empty: the system itself.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "event of the access log",
                "verbose_name_plural": "access log",
                "default_permissions": ("view",),
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["persons"], name="audit_persons"
                    ),
                    models.Index(fields=["actor", "id"], name="audit_actor"),
                    models.Index(fields=["at"], name="audit_at"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DisclosureEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="time"
                    ),
                ),
                ("case_ref", models.CharField(blank=True, max_length=40, verbose_name="case")),
                (
                    "persons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        default=list,
                        size=None,
                        verbose_name="persons concerned",
                    ),
                ),
                ("recipient", models.CharField(max_length=200, verbose_name="recipient")),
                ("content_class", models.CharField(max_length=40, verbose_name="content")),
                ("ground", models.CharField(max_length=200, verbose_name="ground in law")),
                (
                    "acting_for",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                        verbose_name="acting for",
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Empty: the system itself.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "disclosure",
                "verbose_name_plural": "disclosure log",
                "default_permissions": ("view",),
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["persons"], name="disclosure_persons"
                    )
                ],
            },
        ),
    ]
