"""Names at providers, business IDs, and memberships of mandates that last for the day."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0010_decision_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Subject",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("issuer", models.CharField(max_length=255, verbose_name="provider")),
                ("sealed", models.BinaryField(verbose_name="sealed subject")),
                ("subject_hash", models.UUIDField(verbose_name="look-up hash")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="time")),
            ],
            options={
                "verbose_name": "name at a provider",
                "verbose_name_plural": "names at providers",
                "default_permissions": ("view",),
            },
        ),
        migrations.AddField(
            model_name="membership",
            name="source",
            field=models.CharField(
                choices=[
                    ("granted", "given by a coordinator"),
                    ("mandate", "mandate, for the day"),
                ],
                default="granted",
                editable=False,
                max_length=7,
                verbose_name="source",
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="business_id",
            field=models.CharField(
                blank=True,
                help_text="By it a mandate of Suomi.fi is known to be this organisation's.",
                max_length=9,
                null=True,
                unique=True,
                validators=[django.core.validators.RegexValidator("^[0-9]{7}-[0-9]\\Z")],
                verbose_name="business ID",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("source", "mandate"), _negated=True),
                    models.Q(
                        ("granted_by", None),
                        ("valid_to", models.F("valid_from")),
                        ("valid_to__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="membership_mandate_of_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("business_id", None),
                    ("business_id__regex", "^[0-9]{7}-[0-9]\\Z"),
                    _connector="OR",
                ),
                name="organisation_business_id",
            ),
        ),
        migrations.AddField(
            model_name="subject",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="subjects",
                to=settings.AUTH_USER_MODEL,
                verbose_name="user",
            ),
        ),
        migrations.AddConstraint(
            model_name="subject",
            constraint=models.UniqueConstraint(
                fields=("issuer", "subject_hash"), name="subject_of_one_user"
            ),
        ),
    ]
