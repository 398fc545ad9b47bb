"""What waited when dispatches came in is due as it was; a new salon has nothing waiting."""

from django.db import migrations

PLAN = """
INSERT INTO public.dispatch_dispatch (id, schema_name, message_id, kind, due_at, created_at, reason)
SELECT gen_random_uuid(), current_schema(), id, kind, due_at, created_at, ''
  FROM messaging_message WHERE status IN ('queued', 'sending')
    ON CONFLICT DO NOTHING"""


class Migration(migrations.Migration):
    dependencies = [("messaging", "0004_outbox")]

    operations = [migrations.RunSQL(PLAN, migrations.RunSQL.noop)]
