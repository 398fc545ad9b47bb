"""Addresses of other calendars are keys: no table has one, and the keys that seal them can be changed."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django_tenants.utils import tenant_context

from bookings.tests.factories import make_member
from feeds import checks, sealing, services
from feeds.models import BusyCalendar
from feeds.tests.making import busy_at, by
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
URL = "https://calendar.example/private-0123456789abcdef/basic.ics"
OLD, NEW = "old" * 20, "new" * 20


@pytest.fixture
def calendar(salon, standing, ann):
    boss = standing("admin")
    return services.add_address(
        membership=boss, by=by(boss), team_member=ann, name="Private", url=URL, now=timezone.now()
    )


def everything():
    """Every row of the table, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT calendar::text FROM feeds_busycalendar AS calendar")
        return " ".join(row[0] for row in cursor.fetchall())


def address_of(calendar):
    return sealing.opened(BusyCalendar.objects.get(pk=calendar.pk).sealed_url)


def test_no_column_has_the_address(calendar):
    rows = everything()

    assert "calendar.example" in rows  # the host may be said
    assert [part for part in ("private-0123", "basic.ics", "https:") if part in rows] == []
    assert address_of(calendar) == URL


def test_one_address_is_sealed_differently_each_time_and_known_again(salon, settings):
    assert sealing.seal(URL) != sealing.seal(URL)
    assert sealing.digests(URL) == sealing.digests(URL)
    assert sealing.digests(URL) != sealing.digests(URL + "x")


def test_a_changed_address_is_not_opened(salon):
    sealed = sealing.seal(URL)

    with pytest.raises(sealing.Unsealable):
        sealing.opened(sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:])


def test_without_a_key_no_address_is_kept(salon, standing, ann, settings):
    settings.CALENDAR_KEYS = []
    boss = standing("admin")

    with pytest.raises(ImproperlyConfigured, match="CALENDAR_KEYS"):
        services.add_address(membership=boss, by=by(boss), team_member=ann, name="Private", url=URL, now=timezone.now())

    assert BusyCalendar.objects.count() == 0


def test_keys_are_changed_without_losing_an_address(salon, other_salon, standing, ann, settings, capsys):
    settings.CALENDAR_KEYS = [OLD]
    boss = standing("admin")
    told = {"membership": boss, "by": by(boss), "name": "Private", "now": timezone.now()}
    calendar = services.add_address(team_member=ann, url=URL, **told)
    with tenant_context(other_salon):
        theirs = busy_at(make_member(first_name="Zoe"), URL + "2")

    settings.CALENDAR_KEYS = [NEW, OLD]
    assert address_of(calendar) == URL
    with pytest.raises(services.NotRead, match="already"):
        services.add_address(team_member=ann, url=URL, **told)
    call_command("seal_calendars")
    assert capsys.readouterr().out == "Sealed with the first key: 2 addresses.\n"

    settings.CALENDAR_KEYS = [NEW]
    assert address_of(calendar) == URL
    with tenant_context(other_salon):
        assert address_of(theirs) == URL + "2"
    with pytest.raises(services.NotRead, match="already"):
        services.add_address(team_member=ann, url=URL, **told)


def test_an_address_no_key_opens_is_named_and_kept(salon, calendar, settings, capsys):
    before = everything()
    settings.CALENDAR_KEYS = [NEW]

    with pytest.raises(CommandError):
        call_command("seal_calendars")

    assert capsys.readouterr().err == f"{salon.slug}: 1 address cannot be opened.\n"
    assert everything() == before


def test_a_calendar_no_key_opens_says_so_and_keeps_what_is_blocked(salon, calendar, settings):
    settings.CALENDAR_KEYS = [NEW]

    done = services.read_address(business=salon, calendar_id=calendar.pk, clock=timezone.now)

    after = BusyCalendar.objects.get()
    assert (done, after.failures) == (False, 1)
    assert after.last_error == "Its address cannot be read any more. Remove the calendar and add it again."


def test_an_address_has_its_digest(salon, calendar):
    with pytest.raises(IntegrityError, match="an_address_has_its_digest"), transaction.atomic():
        BusyCalendar.objects.update(url_digest="")


def test_addresses_from_before_are_sealed_and_can_be_brought_back(salon, ann):
    busy_at(ann, URL)
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    MigrationExecutor(connection).migrate([("feeds", "0001_initial")])
    assert URL in everything()
    MigrationExecutor(connection).migrate([("feeds", "0002_sealed_addresses")])

    after = BusyCalendar.objects.get()
    assert (sealing.opened(after.sealed_url), after.host) == (URL, "calendar.example")
    assert after.url_digest == sealing.digests(URL)[0]
    assert URL not in everything()


@pytest.mark.parametrize(
    ("keys", "found"),
    [([], ["feeds.E001"]), (["short"], ["feeds.E002"]), ([NEW, "short"], ["feeds.E002"]), ([NEW, OLD], [])],
)
def test_a_deployment_without_a_good_key_is_complained_of(settings, keys, found):
    settings.CALENDAR_KEYS = keys

    assert [error.id for error in checks.check_calendar_keys()] == found


def test_the_key_is_one_of_its_own(settings):
    settings.CALENDAR_KEYS = [settings.SECRET_KEY]

    assert [error.id for error in checks.check_calendar_keys()] == ["feeds.E003"]
