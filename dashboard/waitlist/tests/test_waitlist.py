"""The waiting list in the dashboard: who waits, who may look, adding and taking off."""

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from audit.models import AuditEntry
from bookings import services as bookings
from bookings.tests.factories import at, make_booking, make_member, make_service
from dashboard.tests.pages import url
from tenants.models import Role
from tenants.tests.api import NO_STATIC
from waitlist.models import Wish, WishStatus
from waitlist.tests.making import ask, day_of, wait

pytestmark = NO_STATIC
QUERIES = 11


@pytest.fixture
def desk(salon, client_for, member):
    return lambda role="staff": client_for(salon, member(role))


@pytest.fixture
def bea(cut):
    return make_member("Bea", performs=[cut], works=(10 * 60, 11 * 60))


def names(client, **asked):
    return [line.name for line in client.get(url("waitlist", **asked)).context["lines"]]


def rows(*wanted):
    """The rows of services as the form sends them, each a service or (service, person)."""
    sent = {"wanted-TOTAL_FORMS": len(wanted), "wanted-INITIAL_FORMS": 0, "party_size": 1}
    for number, each in enumerate(wanted):
        service, person = each if isinstance(each, tuple) else (each, None)
        sent |= {
            f"wanted-{number}-service": service.pk if service else "",
            f"wanted-{number}-team_member": person.pk if person else "",
        }
    return sent


def typed(salon, cut, **changes):
    day = day_of(salon).isoformat()
    return {
        **rows(cut),
        "name": "Wanda Wait",
        "phone": "+12125550187",
        "first_date": day,
        "last_date": day,
    } | changes


@pytest.mark.parametrize("role", Role.values)
def test_who_may_look_and_who_may_write(salon, cut, bea, desk, role):
    wish, client = wait(salon, cut), desk(role)
    may_write = 200 if role != Role.VIEWER else 403

    assert client.get(url("waitlist")).status_code == 200
    assert client.get(url("waitlist-add")).status_code == may_write
    assert client.get(url("waitlist-remove", wish.pk)).status_code == may_write


def test_the_list_says_who_waits_in_line_and_what_is_offered(salon, cut, bea, desk):
    visit = make_booking(salon, cut, at(salon, "10:00"))
    for name in ("Ann One", "Bob Two"):
        wait(salon, cut, name, windows=[(0, 720)])
    bookings.cancel_booking(business=salon, booking=visit, by=SYSTEM, now=timezone.now())
    ask(salon)

    lines = desk().get(url("waitlist")).context["lines"]

    assert [(line.name, line.state) for line in lines] == [("Ann One", "Being offered"), ("Bob Two", "Waiting")]
    assert "with Bea is kept until" in lines[0].offer
    assert lines[1].when.endswith("mornings")


def test_it_is_narrowed_by_state_service_and_words(salon, cut, bea, desk):
    color = make_service("Color")
    make_member("Cleo", performs=[color])
    wait(salon, cut, "Ann One")
    wait(salon, color, "Bob Two")
    Wish.objects.filter(name="Ann One").update(status=WishStatus.LEFT, ended_at=timezone.now())
    client = desk()

    assert names(client) == ["Bob Two"]
    assert names(client, state="ended") == ["Ann One"]
    assert names(client, service=cut.pk) == []
    assert names(client, q="bob@") == ["Bob Two"]
    assert names(client, q="nobody") == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_as_many_queries_for_many_as_for_one(salon, cut, bea, desk, rows, django_assert_num_queries):
    for number in range(rows):
        wait(salon, cut, f"W{number} Wait")
    client = desk()
    client.get(url("waitlist"))

    with django_assert_num_queries(QUERIES):
        assert len(names(client)) == rows


def test_staff_add_somebody_with_a_number_alone(salon, cut, bea, desk):
    desk().post(url("waitlist-add"), typed(salon, cut, parts=["morning"]))

    wish = Wish.objects.get()
    assert (wish.name, wish.email, wish.is_by_staff, wish.windows) == ("Wanda Wait", "", True, [[0, 720]])
    assert AuditEntry.objects.get(action="wish.joined").actor_label == "staff@rosa.example"


def test_staff_add_somebody_for_several_services(salon, cut, bea, desk):
    color = make_service("Color")
    cleo = make_member("Cleo", performs=[color])

    desk().post(url("waitlist-add"), typed(salon, cut) | rows(cut, (color, cleo), None))

    wanted = Wish.objects.get().wanted.all()
    assert [(each.service, each.team_member) for each in wanted] == [(cut, None), (color, cleo)]


def test_another_row_comes_without_javascript_and_nothing_typed_is_lost(salon, cut, bea, desk):
    sent = typed(salon, cut, parts=["morning", "evening"], more="1")

    form = desk().post(url("waitlist-add"), sent).context["form"]

    assert len(form.rows.forms) == 2
    assert [form.rows.forms[0]["service"].value(), form["name"].value(), form["phone"].value()] == [
        str(cut.pk),
        "Wanda Wait",
        "+12125550187",
    ]
    assert form["parts"].value() == ["morning", "evening"]
    assert not Wish.objects.exists()


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (lambda cut, cleo: (None,), "Choose a service."),
        (lambda cut, cleo: ((cut, cleo),), "Cleo does not perform Cut."),
        (lambda cut, cleo: ((None, cleo),), "Choose what this person does."),
    ],
    ids=["no service", "a person who does not do it", "a person alone"],
)
def test_services_that_cannot_be_are_said(salon, cut, bea, desk, wanted, sentence):
    answer = desk().post(url("waitlist-add"), typed(salon, cut) | rows(*wanted(cut, make_member("Cleo"))))

    assert (answer.status_code, Wish.objects.count()) == (422, 0)
    assert sentence in answer.content.decode()


def test_what_is_wrong_is_said_and_kept(salon, cut, bea, desk):
    answer = desk().post(url("waitlist-add"), typed(salon, cut, phone=""))

    assert answer.status_code == 422
    assert "Please write an e-mail address or a number." in answer.content.decode()
    assert not Wish.objects.exists()


def test_taking_somebody_off_asks_first_and_is_in_the_trail(salon, cut, bea, desk):
    wish, client = wait(salon, cut), desk()

    client.get(url("waitlist-remove", wish.pk))
    assert Wish.objects.get().status == WishStatus.WAITING
    client.post(url("waitlist-remove", wish.pk))

    assert Wish.objects.get().status == WishStatus.REMOVED
    assert AuditEntry.objects.get(action="wish.removed").actor_label == "staff@rosa.example"


def test_another_salons_wish_is_a_404(other_salon, salon, cut, bea, desk):
    with tenant_context(other_salon):
        service = make_service()
        make_member(performs=[service])
        wish = wait(other_salon, service)
    client = desk("owner")

    assert client.post(url("waitlist-remove", wish.pk)).status_code == 404
    assert names(client) == []
    with tenant_context(other_salon):
        assert Wish.objects.get().status == WishStatus.WAITING


@pytest.mark.parametrize(("state", "explains"), [("", True), ("offered", False), ("booked", False), ("ended", False)])
def test_how_somebody_joins_is_said_where_nobody_waits_and_nowhere_else(desk, state, explains):
    text = desk().get(url("waitlist", state=state)).content.decode()

    assert "Nobody here" in text
    assert ("Customers join where they find no time." in text) is explains
