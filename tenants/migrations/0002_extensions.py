from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations


class Migration(migrations.Migration):
    """Extensions live in `public` only: from a salon's migration they would land in the first salon's
    schema, and deleting that salon would drop every other salon's no-overlap constraint."""

    dependencies = [("tenants", "0001_initial")]
    operations = [BtreeGistExtension()]
