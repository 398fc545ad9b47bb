from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    """What salons' indexes of parts of words are made with. Here for the reason in `0002_extensions`."""

    dependencies = [("tenants", "0010_role_changes")]
    operations = [TrigramExtension()]
