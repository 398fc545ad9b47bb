"""Every door through which a visit gets into the diary, or to another place in it, with a way to press each.

A door is opened first (what must be there before: a booking to move), then pressed for a visit at `world.start`.
What pressing says is text: the page, the message, the answer, the exception's sentence.
"""

import html
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import uuid4

from django.contrib.messages import get_messages
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from audit.actors import SYSTEM
from bookings import links, services
from bookings.basket import Basket
from bookings.models import Booking, Occupancy, Series
from bookings.services.import_rows import Row
from bookings.tests.factories import at, make_booking
from onboarding.simulation import acting, life
from tenants.errors import DomainError
from tenants.tests.api import Api, signed_in

WHO = {"name": "Bea Cole", "email": "bea@example.com", "phone": "+12125550188"}


@dataclass
class World:
    """A salon with Ann, who cuts and teaches; `visit` is the booking that is to move."""

    salon: object
    cut: object
    yoga: object
    ann: object
    owner: object
    browser: object
    program: Api
    tmp_path: object
    start: datetime
    visit: Booking | None = None

    @property
    def wall(self):
        return self.start.astimezone(self.salon.zone)

    @property
    def form(self):
        """The date and time as staff type them, with a fresh key."""
        return {"date": f"{self.wall:%Y-%m-%d}", "time": f"{self.wall:%H:%M}", "key": str(uuid4())}


def world_of(*, salon, cut, yoga, ann, owner, client_for, tmp_path):
    return World(
        salon=salon,
        cut=cut,
        yoga=yoga,
        ann=ann,
        owner=owner,
        browser=client_for(salon, owner),
        program=signed_in(salon, owner),
        tmp_path=tmp_path,
        start=at(salon, "10:00"),
    )


def nothing_before(world):
    """The door makes a visit of its own."""


def a_visit_later(world):
    world.visit = make_booking(world.salon, world.cut, at(world.salon, "14:00"))


def a_visit_moved_away(world):
    """It was at `start`; pressing takes it back there."""
    world.visit = make_booking(world.salon, world.cut, world.start)
    services.reschedule_booking(
        business=world.salon, booking=world.visit, start=at(world.salon, "14:00"), by=SYSTEM, now=timezone.now()
    )


def said(response):
    """What a browser is told: in the page, or on the next one."""
    messages = [str(message) for message in get_messages(response.wsgi_request)]
    return html.unescape(" ".join([response.content.decode(), *messages]))


def choose_on_the_page(world):
    return said(world.browser.post(reverse_salon("bookings:times", world.cut.pk), {"start": world.start.isoformat()}))


def choose_for_a_family(world):
    """Two, one after the other: there is one person."""
    world.browser.post(reverse_salon("bookings:family-start"), {"service": world.cut.pk})
    world.browser.post(reverse_salon("bookings:family-add"), {"name": "Tom", "services": [world.cut.pk]})
    pressed = {"start": world.start.isoformat(), "order": "after"}
    return said(world.browser.post(reverse_salon("bookings:family"), pressed))


def move_by_link(world):
    path = reverse_salon("bookings:reschedule", links.manage_token(world.visit))
    return said(world.browser.post(path, {"start": world.start.isoformat()}))


def hold_by_program(world):
    body = {"service_ids": [str(world.cut.pk)], "start_time": world.start.isoformat()}
    return world.program.post("/booking/hold", body).content.decode()


def book_by_program(world):
    body = {"service_id": str(world.cut.pk), "start_time": world.start.isoformat(), "customer_info": WHO}
    return world.program.post("/booking/create", body | {"consent": {"policies": True}}).content.decode()


def book_a_group_by_program(world):
    """Two, one after the other: there is one person."""
    guests = [{"service_id": str(world.cut.pk)}, {"service_id": str(world.cut.pk), "name": "Tom"}]
    body = {"guests": guests, "order": "after", "start_time": world.start.isoformat(), "customer_info": WHO}
    return world.program.post("/api/v1/admin/booking-groups", body).content.decode()


def move_by_program(world):
    path = f"/api/v1/admin/bookings/{world.visit.pk}/reschedule"
    return world.program.post(path, {"start_time": world.start.isoformat()}).content.decode()


def undo_by_program(world):
    return world.program.post(f"/api/v1/admin/bookings/{world.visit.pk}/undo-move").content.decode()


def write_down(world):
    rows = {"wanted-TOTAL_FORMS": 1, "wanted-INITIAL_FORMS": 0, "wanted-0-service": str(world.cut.pk), "party_size": 1}
    return said(world.browser.post(reverse_salon("admin:bookings_booking_add"), world.form | rows | WHO))


def write_down_in_the_dashboard(world):
    rows = {"wanted-TOTAL_FORMS": 1, "wanted-INITIAL_FORMS": 0, "wanted-0-service": str(world.cut.pk), "party_size": 1}
    return said(world.browser.post(reverse_salon("dashboard:visit-new"), world.form | rows | WHO))


def write_a_group_down(world):
    """Two, one after the other: there is one person."""
    sent = {"guests": 2, "order": "after", "pick": int(world.start.timestamp()), "guest-2-name": "Tom"}
    for number in (1, 2):
        sent |= {f"guest-{number}-wanted-{name}_FORMS": many for name, many in (("TOTAL", 1), ("INITIAL", 0))}
        sent[f"guest-{number}-wanted-0-service"] = str(world.cut.pk)
    return said(world.browser.post(reverse_salon("dashboard:visit-group"), world.form | sent | WHO))


def walk_in(world):
    sent = {"service": str(world.cut.pk), "press": f"{world.ann.pk}@{int(world.start.timestamp())}"}
    return said(world.browser.post(reverse_salon("dashboard:walk-in"), sent | {"key": str(uuid4())}))


def undo_in_the_dashboard(world):
    path = reverse_salon("dashboard:visit-undo-move", world.visit.pk)
    return said(world.browser.post(path, {"key": str(uuid4())}))


def move_in_the_admin(world):
    return said(world.browser.post(reverse_salon("admin:bookings_booking_reschedule", world.visit.pk), world.form))


def undo_in_the_admin(world):
    return said(world.browser.post(reverse_salon("admin:bookings_booking_undo_move", world.visit.pk), world.form))


def drop_on_the_calendar(world):
    body = {"kind": "visit", "pk": world.visit.pk, "view": "day", "date": f"{world.wall:%Y-%m-%d}"}
    return said(
        world.browser.post(reverse_salon("dashboard:calendar-drop"), body | {"start": f"{world.wall:%Y-%m-%dT%H:%M}"})
    )


def move_on_the_calendar(world):
    return said(world.browser.post(reverse_salon("dashboard:calendar-move", world.visit.pk), world.form))


def a_visit_that_takes_no_time(world):
    """The door makes another one after it; what is in the diary afterwards is that."""
    a_visit_later(world)
    Occupancy.objects.filter(item__booking=world.visit).delete()


def a_visit_of_a_series(world):
    a_visit_later(world)
    Booking.objects.filter(pk=world.visit.pk).update(series=Series.objects.create(every_weeks=1), series_number=1)


def repeat_in_the_dashboard(world):
    sent = {"key": str(uuid4()), "every_weeks": 1, "count": 1, "who": "same", "book": "1"}
    sent["at-2"] = int(world.start.timestamp())
    return said(world.browser.post(reverse_salon("dashboard:visit-repeat", world.visit.pk), sent))


def move_all_following(world):
    pk = world.visit.pk
    sent = world.form | {f"at-{pk}": int(world.start.timestamp()), f"seen-{pk}": 0, "move": "1"}
    return said(world.browser.post(reverse_salon("dashboard:visit-move-following", pk), sent))


def undo_on_the_calendar(world):
    return said(world.browser.post(reverse_salon("dashboard:calendar-undo", world.visit.pk)))


def open_a_class(world):
    asked = {"service": str(world.yoga.pk), "team_member": str(world.ann.pk), "weeks": 1}
    return said(world.browser.post(reverse_salon("admin:bookings_groupsession_add"), world.form | asked))


def import_a_file(world):
    row = asdict(Row(start=f"{world.wall:%Y-%m-%d %H:%M}", services="Cut", **WHO))
    file, errors = world.tmp_path / "old.csv", world.tmp_path / "errors.csv"
    file.write_text(f"{','.join(row)}\n{','.join(row.values())}\n")
    try:
        call_command("import_bookings", world.salon.slug, str(file), errors=errors, verbosity=0)
    except CommandError:
        return errors.read_text()
    return ""


def live_a_life(world):
    """The simulator, and with it the demo salons."""
    day, now = world.wall.date(), timezone.now()
    shape = acting.shape_of(business=world.salon, seed="door", first=day, last=day, demand=50)
    living = acting.Living(business=world.salon, shape=shape, services=[world.cut], members=[world.ann], quiet=True)
    try:
        acting._booked(living, Basket.of(world.cut, world.ann), world.start, next(life.wishes(shape)), now)
    except DomainError as exc:
        return str(exc)
    return ""


def reverse_salon(name, *args):
    return reverse(name, urlconf="config.urls_salon", args=args)


@dataclass(frozen=True)
class Door:
    """`routes` are the addresses it is behind, none for a command; `visits` are placed by a press, one after the other."""

    routes: tuple[str, ...]
    before: Callable
    press: Callable
    visits: int = 1


DOORS = {
    "booking page": Door(("book/<uuid:service>/",), nothing_before, choose_on_the_page),
    "family page": Door(("book/family/",), nothing_before, choose_for_a_family, visits=2),
    "link in a mail": Door(("b/<str:token>/reschedule/",), a_visit_later, move_by_link),
    "API hold": Door(("booking/hold",), nothing_before, hold_by_program),
    "API create": Door(("booking/create",), nothing_before, book_by_program),
    "API group": Door(("api/v1/admin/booking-groups",), nothing_before, book_a_group_by_program, visits=2),
    "API reschedule": Door(("api/v1/admin/bookings/<uuid:pk>/reschedule",), a_visit_later, move_by_program),
    "API undo": Door(("api/v1/admin/bookings/<uuid:pk>/undo-move",), a_visit_moved_away, undo_by_program),
    "admin add": Door(("admin/bookings/booking/add/",), nothing_before, write_down),
    "admin reschedule": Door(
        ("admin/bookings/booking/<path:object_id>/reschedule/",), a_visit_later, move_in_the_admin
    ),
    "admin undo": Door(("admin/bookings/booking/<path:object_id>/undo-move/",), a_visit_moved_away, undo_in_the_admin),
    "calendar drop": Door(("dashboard/calendar/drop",), a_visit_later, drop_on_the_calendar),
    "calendar move": Door(("dashboard/calendar/<uuid:pk>/move/",), a_visit_later, move_on_the_calendar),
    "calendar undo": Door(("dashboard/calendar/<uuid:pk>/undo/",), a_visit_moved_away, undo_on_the_calendar),
    "admin session": Door(("admin/bookings/groupsession/add/",), nothing_before, open_a_class),
    "dashboard new": Door(("dashboard/visits/new/",), nothing_before, write_down_in_the_dashboard),
    "dashboard group": Door(("dashboard/visits/group/",), nothing_before, write_a_group_down, visits=2),
    "dashboard repeat": Door(
        ("dashboard/visits/<uuid:pk>/repeat/",), a_visit_that_takes_no_time, repeat_in_the_dashboard
    ),
    "dashboard move following": Door(
        ("dashboard/visits/<uuid:pk>/following/move/",), a_visit_of_a_series, move_all_following
    ),
    "dashboard walk-in": Door(("dashboard/visits/walk-in/",), nothing_before, walk_in),
    "dashboard undo": Door(("dashboard/visits/<uuid:pk>/undo-move/",), a_visit_moved_away, undo_in_the_dashboard),
    "import": Door((), nothing_before, import_a_file),
    "simulator": Door((), nothing_before, live_a_life),
}
