from django.db import migrations, models
from django.db.models import Q


def seal_all(apps, schema_editor):
    from feeds import sealing
    from feeds.services import host_of

    for calendar in apps.get_model("feeds", "BusyCalendar").objects.exclude(url=""):
        calendar.sealed_url, calendar.host = sealing.seal(calendar.url), host_of(calendar.url)
        calendar.url_digest = sealing.digests(calendar.url)[0]
        calendar.save(update_fields=["sealed_url", "host", "url_digest"])


def open_all(apps, schema_editor):
    from feeds import sealing

    for calendar in apps.get_model("feeds", "BusyCalendar").objects.exclude(sealed_url=""):
        calendar.url = sealing.opened(calendar.sealed_url)
        calendar.save(update_fields=["url"])


class Migration(migrations.Migration):
    dependencies = [("feeds", "0001_initial")]

    operations = [
        migrations.AddField(
            "busycalendar",
            "sealed_url",
            models.TextField(blank=True, default="", help_text="Empty: a file, read once."),
        ),
        migrations.AddField("busycalendar", "url_digest", models.CharField(blank=True, default="", max_length=64)),
        migrations.AddField(
            "busycalendar",
            "host",
            models.CharField(blank=True, default="", help_text="What of the address may be said.", max_length=255),
        ),
        migrations.RunPython(seal_all, open_all),
        migrations.RemoveConstraint("busycalendar", "only_addresses_are_asked_again"),
        migrations.RemoveConstraint("busycalendar", "one_busy_calendar_of_an_address"),
        migrations.RemoveField("busycalendar", "url"),
        migrations.AddConstraint(
            "busycalendar",
            models.CheckConstraint(condition=~Q(sealed_url="") | Q(due_at=None), name="only_addresses_are_asked_again"),
        ),
        migrations.AddConstraint(
            "busycalendar",
            models.CheckConstraint(
                condition=Q(sealed_url="", url_digest="") | (~Q(sealed_url="") & ~Q(url_digest="")),
                name="an_address_has_its_digest",
            ),
        ),
        migrations.AddConstraint(
            "busycalendar",
            models.UniqueConstraint(
                fields=["team_member", "url_digest"],
                condition=~Q(url_digest=""),
                name="one_busy_calendar_of_an_address",
            ),
        ),
    ]
