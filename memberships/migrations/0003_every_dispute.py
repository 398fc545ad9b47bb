from django.db import migrations, models

#: Or what was told before would be told again.
KNOWN = """
UPDATE memberships_membershipgrant SET disputes = jsonb_build_object(dispute_id, dispute_status) WHERE dispute_id <> ''
"""


class Migration(migrations.Migration):
    dependencies = [("memberships", "0002_disputes")]

    operations = [
        migrations.AddField(
            model_name="membershipgrant",
            name="disputes",
            field=models.JSONField(blank=True, default=dict, help_text="The status of every dispute, by Stripe’s id."),
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
