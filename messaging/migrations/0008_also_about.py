import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0007_notices")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="also_about",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=60),
                blank=True,
                default=list,
                help_text="What else it spoke of when it last began to leave: ids with their versions.",
                size=None,
            ),
        ),
    ]
