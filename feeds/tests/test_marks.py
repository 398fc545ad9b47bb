"""The mark of a feed: it changes whenever a byte does, and only then is a calendar fetched again."""

import re
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookings.models import Booking, BookingItem, Status, TeamMember
from bookings.tests.factories import at, make_booking, make_member, make_service, visit
from feeds import queries
from feeds.tests.making import feed_link
from feeds.tests.test_feed import canceled, moved
from tenants.models import Business
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC


@pytest.fixture
def world(salon, link, salon_client):
    return World(salon, link()[1], salon_client)


class World:
    """A visit of two parts by two people, another visit, and the calendar of them all."""

    def __init__(self, salon, path, client):
        self.salon, self.path, self.client = salon, path, client
        self.cut, self.colour = make_service("Cut", minutes=60), make_service("Colour", minutes=30)
        self.ann = make_member("Ann", performs=[self.cut, self.colour])
        self.bob = make_member("Bob", performs=[self.cut, self.colour])
        both = visit((self.cut, self.ann), (self.colour, self.bob))
        self.booking = make_booking(salon, both, at(salon, "10:00"))
        make_booking(salon, self.cut, at(salon, "14:00"), team_member=self.bob)

    def fetch(self, known=""):
        return self.client.get(self.path, headers={"If-None-Match": known})

    def set(self, **fields):
        """A column of the visit and nothing else of it, as no service would."""
        Booking.objects.filter(pk=self.booking.pk).update(**fields)

    def set_part(self, position=0, /, **fields):
        BookingItem.objects.filter(booking=self.booking, position=position).update(**fields)

    def set_salon(self, **fields):
        Business.objects.filter(pk=self.salon.pk).update(**fields)

    def swap_parts(self):
        for before, after in ((0, 7), (1, 0), (7, 1)):
            self.set_part(before, position=after)


ONE_HOUR = timedelta(hours=1)
#: A column of the mark → what changes in it alone.
COLUMNS = {
    "visit.ref": lambda world: world.set(ref="ABCDEF"),
    "visit.status": lambda world: world.set(status=Status.PENDING),
    "visit.sequence": lambda world: world.set(sequence=F("sequence") + 1),
    "visit.updated_at": lambda world: world.set(updated_at=F("updated_at") + ONE_HOUR),
    "CASE WHEN %(names)s THEN visit.contact_name ELSE '' END": lambda world: world.set(contact_name="Berta Berg"),
    "part.position": lambda world: world.swap_parts(),
    "part.start_at": lambda world: world.set_part(start_at=F("start_at") - ONE_HOUR),
    "part.end_at": lambda world: world.set_part(1, end_at=F("end_at") + ONE_HOUR),
    "part.snapshot->>'name'": lambda world: world.set_part(snapshot={"name": "Trim"}),
    "part.team_member_id": lambda world: world.set_part(1, team_member=world.ann),
    "person.display_name": lambda world: TeamMember.objects.filter(pk=world.ann.pk).update(display_name="Anne"),
    "person.first_name": lambda world: TeamMember.objects.filter(pk=world.ann.pk).update(first_name="Zoe"),
}


@pytest.mark.parametrize("column", list(COLUMNS))
def test_each_column_that_decides_is_in_the_mark(world, column, monkeypatch):
    """And none is there twice: without it, what changes in it alone would be missed."""
    before = world.fetch()
    monkeypatch.setattr(queries, "DIGEST", _without(column))
    blind = world.fetch()
    monkeypatch.undo()

    COLUMNS[column](world)

    after = world.fetch(before["ETag"])
    assert after.status_code == 200
    assert after.content != before.content
    monkeypatch.setattr(queries, "DIGEST", _without(column))
    assert world.fetch(blind["ETag"]).status_code == 304


def _without(column):
    """The statement, blind for one of its columns."""
    found = re.sub(re.escape(column) + "(?=[,)])", "0", queries.DIGEST, count=1)
    assert found != queries.DIGEST
    return found


CHANGES = {
    "moved": lambda world: moved(world.salon, world.booking, "11:00"),
    "cancelled": lambda world: canceled(world.salon, world.booking),
    "another visit": lambda world: make_booking(world.salon, world.cut, at(world.salon, "16:00")),
    "long over": lambda world: world.set(start_at=F("start_at") - timedelta(days=70)),
    "name of the salon": lambda world: world.set_salon(name="Luna"),
    "zone": lambda world: world.set_salon(timezone="Europe/Paris"),
    "street": lambda world: world.set_salon(address_line1="9 Elm Street"),
    "city": lambda world: world.set_salon(city="Elsewhere"),
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_whatever_changes_what_it_says_changes_its_mark(world, change):
    before = world.fetch()

    CHANGES[change](world)

    after = world.fetch(before["ETag"])
    assert after.status_code == 200
    assert after.content != before.content


def test_a_day_that_passes_changes_it_where_something_drops_out(world):
    now = timezone.now()
    feed = queries.feed_for(business=world.salon, token=world.path.split("/")[-1].removesuffix(".ics"))

    marks = [queries.visits_digest(feed, now=now + timedelta(days=days)) for days in (0, 30, 70)]
    told = [len(queries.visits_of(feed, now=now + timedelta(days=days))) for days in (0, 30, 70)]

    assert told == [2, 2, 0]
    assert (marks[0] == marks[1], marks[1] == marks[2]) == (True, False)


def test_two_visits_that_change_places_change_it(world):
    """What one of them says is never taken for what the other said."""
    other = Booking.objects.exclude(pk=world.booking.pk).get()
    world.set(contact_name="Ada")
    Booking.objects.filter(pk=other.pk).update(contact_name="Bea")
    before = world.fetch()

    world.set(contact_name="Bea")
    Booking.objects.filter(pk=other.pk).update(contact_name="Ada")

    assert world.fetch(before["ETag"]).status_code == 200


def test_a_renamed_customer_changes_nothing_where_none_is_named(salon, cut, standing, salon_client):
    viewer = standing("viewer")
    own = make_member("Vera", performs=[cut], user_id=viewer.user_id)
    booking = make_booking(salon, cut, at(salon, "10:00"))
    world_path = feed_link(viewer, own)[1]
    Business.objects.filter(pk=salon.pk).update(role_changes={"view_customers": {"viewer": False}})
    before = salon_client.get(world_path)

    Booking.objects.filter(pk=booking.pk).update(contact_name="Berta Berg")

    assert salon_client.get(world_path, headers={"If-None-Match": before["ETag"]}).status_code == 304


#: Few values, so that what is changed is often changed back.
WORDS = st.sampled_from(["", "A", "Å b", "a\r\nb", "a;b,c", "Größe " * 20, "\U0001f487", "a\u2028b", "  A", "A B"])
NAMES = st.sampled_from(["A", "Å b", "a;b,c", "Größe " * 5, "\U0001f487"])
STEPS = st.one_of(
    st.tuples(st.just("contact_name"), WORDS),
    st.tuples(st.just("status"), st.sampled_from([Status.PENDING, Status.CONFIRMED, Status.COMPLETED, Status.NO_SHOW])),
    st.tuples(st.just("sequence"), st.integers(0, 2)),
    st.tuples(st.just("service"), st.integers(0, 1), NAMES),
    st.tuples(st.just("who"), st.integers(0, 1), st.booleans()),
    st.tuples(st.just("first_name"), st.booleans(), NAMES),
    st.tuples(st.just("display_name"), st.booleans(), WORDS),
    st.tuples(st.just("salon"), NAMES),
    st.tuples(st.just("street"), WORDS),
    st.tuples(st.just("later"), st.integers(0, 1), st.integers(0, 2)),
)


def _take(world, kind, *how):
    people = (world.bob, world.ann)
    match kind:
        case "contact_name" | "status" | "sequence":
            world.set(**{kind: how[0]})
        case "service":
            world.set_part(how[0], snapshot={"name": how[1]})
        case "who":
            world.set_part(how[0], team_member=people[how[1]])
        case "first_name" | "display_name":
            TeamMember.objects.filter(pk=people[how[0]].pk).update(**{kind: how[1]})
        case "salon":
            world.set_salon(name=how[0])
        case "street":
            world.set_salon(address_line1=how[0])
        case "later":
            world.set_part(how[0], end_at=world.booking.end_at + how[1] * ONE_HOUR)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=2, max_size=8))
def test_the_same_mark_is_the_same_bytes_through_any_changes(world, steps):
    """Each state is fetched once; whenever a mark comes again, what it stood for has come again."""
    seen = {}
    for step in steps:
        _take(world, *step)
        answer, again = world.fetch(), world.fetch()
        assert (again["ETag"], again.content) == (answer["ETag"], answer.content)
        assert seen.setdefault(answer["ETag"], answer.content) == answer.content
