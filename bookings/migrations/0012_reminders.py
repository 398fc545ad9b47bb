import datetime
import uuid

from django.db import migrations, models

#: Visits that were booked before there were reminders get the usual ones with the next sweep; a new salon has none.
REMIND = """
INSERT INTO bookings_remindersettings (id, has_own_rules, quiet_from, quiet_until, follow_up_min, stale_since)
SELECT 1, false, '21:00', '08:00', 0, now()
 WHERE EXISTS (SELECT 1 FROM bookings_booking WHERE status = 'confirmed' AND start_at > now())
    ON CONFLICT DO NOTHING"""


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0011_languages"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReminderRule",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("before", "before"), ("day_before", "day_before")], max_length=12)),
                ("minutes", models.PositiveIntegerField(default=0)),
                ("days", models.PositiveSmallIntegerField(default=0)),
                ("at", models.TimeField(blank=True, help_text="Empty: the time of day of the visit.", null=True)),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "E-mail"), ("sms", "Text message")], default="email", max_length=8
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("at__isnull", True),
                                ("days", 0),
                                ("kind", "before"),
                                ("minutes__gte", 15),
                                ("minutes__lte", 86400),
                            ),
                            models.Q(("days__gte", 1), ("days__lte", 60), ("kind", "day_before"), ("minutes", 0)),
                            _connector="OR",
                        ),
                        name="reminder_rule_of_one_kind",
                    ),
                    models.UniqueConstraint(
                        fields=("kind", "minutes", "days", "at", "channel"),
                        name="reminder_rule_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReminderSettings",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                (
                    "has_own_rules",
                    models.BooleanField(
                        default=False, help_text="The rows of ReminderRule count, also where none are."
                    ),
                ),
                ("quiet_from", models.TimeField(blank=True, default=datetime.time(21, 0), null=True)),
                ("quiet_until", models.TimeField(blank=True, default=datetime.time(8, 0), null=True)),
                (
                    "follow_up_min",
                    models.PositiveIntegerField(
                        default=0, help_text="Minutes after the visit was completed; 0 for no follow-up."
                    ),
                ),
                (
                    "stale_since",
                    models.DateTimeField(
                        blank=True, help_text="Visits to come are still reminded of by earlier rules.", null=True
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "reminder settings",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="one_row_of_reminder_settings"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("quiet_from__isnull", True), ("quiet_until__isnull", True)),
                            models.Q(
                                ("quiet_from__isnull", False),
                                ("quiet_until__isnull", False),
                                models.Q(("quiet_from", models.F("quiet_until")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="quiet_hours_have_two_ends",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("follow_up_min__lte", 86400)), name="follow_up_within_reach"
                    ),
                ],
            },
        ),
        migrations.RunSQL(REMIND, migrations.RunSQL.noop),
    ]
