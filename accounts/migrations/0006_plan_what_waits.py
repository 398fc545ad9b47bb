"""What waited when dispatches came in is due as it was."""

from django.db import migrations

PLAN = """
INSERT INTO dispatch_dispatch (id, schema_name, message_id, kind, due_at, created_at, reason)
SELECT gen_random_uuid(), 'public', id, kind, due_at, created_at, ''
  FROM accounts_accountmessage WHERE status IN ('queued', 'sending')
    ON CONFLICT DO NOTHING"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_outbox"), ("dispatch", "0001_initial")]

    operations = [migrations.RunSQL(PLAN, migrations.RunSQL.noop)]
