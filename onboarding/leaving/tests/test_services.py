"""A salon asks to leave: closed at once, its plan ended, its day told, and taken back while there is time."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from accounts.models import AccountMessage
from audit import actors
from audit.models import AuditEntry
from bookings.models import Booking
from bookings.signals import booking_canceled
from bookings.tests.factories import at, make_booking
from messaging.models import Message
from onboarding.leaving import queries, services
from onboarding.leaving.errors import AlreadyLeaving, NameDiffers, NotLeaving
from payments.models import CardSetup, Payment
from payments.subscriptions import queries as plans
from payments.subscriptions import services as subscriptions
from payments.tests.making import book, with_fees
from tenants.errors import DomainError
from tenants.models import Business, BusinessStatus, Departure, SubscriptionStatus, TenantBilling
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
NOW = timezone.now()
DAY = timedelta(days=1)


@pytest.fixture
def by(owner):
    return actors.user(owner)


@pytest.fixture
def leave(rosa, by):
    def ask(business=rosa, now=NOW, typed_name=None, **more):
        return services.ask_to_leave(business=business, by=by, typed_name=typed_name or business.name, now=now, **more)

    return ask


def status(business):
    return Business.objects.get(pk=business.pk).status


def acts(business):
    with tenant_context(business):
        return list(
            AuditEntry.objects.filter(action__startswith="salon.").order_by("at").values_list("action", flat=True)
        )


def letters():
    return list(AccountMessage.objects.order_by("created_at").values_list("kind", "recipient"))


def look(departure, now):
    services.look_after(departure_id=departure.pk, now=now)


def states(visits):
    return [Booking.objects.get(pk=visit.pk).status for visit in visits]


def test_a_salon_that_leaves_is_closed_at_once_and_can_be_read(rosa, leave, owner, client_for):
    departure = leave(typed_name="  rosa   STUDIO ", reason=" Moving away. ")

    assert (departure.erase_at, departure.reason, departure.status_before) == (NOW + 30 * DAY, "Moving away.", "active")
    assert (departure.slug, departure.schema_name, departure.asked_by) == ("rosa", rosa.schema_name, owner.pk)
    assert "Online booking is paused" in client_for(rosa).get("/").text
    team = client_for(rosa, owner)
    assert (team.get("/admin/").status_code, team.post("/admin/bookings/service/add/").status_code) == (200, 403)
    assert acts(rosa) == ["salon.leaves"]
    assert letters() == [("leaving", owner.email)]


def test_another_name_closes_nothing(rosa, leave):
    with pytest.raises(NameDiffers):
        leave(typed_name="Rosa")

    assert (status(rosa), Departure.objects.count()) == ("active", 0)


def test_it_is_asked_for_once(rosa, leave):
    leave()

    with pytest.raises(AlreadyLeaving):
        leave()
    assert (Departure.objects.count(), Departure.objects.get().status_before) == (1, "active")


def test_the_plan_ends_at_stripe_and_nothing_is_billed_any_more(paying, leave):
    now = paying.now()
    departure = leave(now=now)

    look(departure, now)
    look(departure, now)

    assert (paying.state, paying.subscriptions()) == ("canceled", ["canceled"])
    paying.wait(days=40)
    assert paying.taken() == [1199]


def test_while_stripe_is_away_the_salon_is_closed_and_the_plan_ends_later(
    paying, leave, no_answer, local_stripe, settings
):
    from payments.tests.conftest import repoint

    now, base = paying.now(), settings.STRIPE_API_BASE
    no_answer()
    departure = leave(now=now)
    look(departure, now)
    assert (status(paying.business), paying.state) == ("canceled", "active")

    settings.STRIPE_API_BASE = base
    repoint()
    look(departure, now)
    assert paying.state == "canceled"


def test_what_the_plan_does_meanwhile_opens_nothing(paying, leave):
    leave(now=paying.now())
    TenantBilling.objects.update(subscription_status=SubscriptionStatus.PAST_DUE)

    paying.refresh()

    assert (paying.state, status(paying.business)) == ("active", "canceled")


@pytest.mark.parametrize("verb", ["start_trial", "activate"])
def test_a_salon_that_leaves_begins_no_plan(plan, leave, verb):
    leave(now=plan.now())

    with pytest.raises(subscriptions.WrongState, match="being closed"):
        getattr(plan, verb)()
    assert plan.subscriptions() == []


def test_the_sweep_of_plans_leaves_it_alone(plan, leave):
    assert plan.business.pk in plans.due_plans(plan.now())

    leave(now=plan.now())

    assert plan.business.pk not in plans.due_plans(plan.now())


def test_a_salon_that_tried_nothing_has_nothing_to_end_and_keeps_its_trial(plan, leave, by):
    departure = leave(now=plan.now())
    look(departure, plan.now())
    services.withdraw(business=plan.business, by=by, now=plan.now())

    assert (plan.state, status(plan.business)) == ("trial", "active")
    assert plan.start_trial().subscription_status == "trial"


@pytest.mark.parametrize("before", [BusinessStatus.ONBOARDING, BusinessStatus.READY])
def test_a_salon_that_was_not_published_goes_on_where_it_was(rosa, leave, by, before):
    Business.objects.filter(pk=rosa.pk).update(status=before)
    leave()
    assert status(rosa) == "canceled"

    services.withdraw(business=rosa, by=by, now=NOW + DAY)

    assert status(rosa) == before


def test_withdrawn_the_salon_opens_when_its_plan_is_started_again(paying, leave, by, client_for):
    now = paying.now()
    look(leave(now=now), now)

    later = now + timedelta(minutes=1)
    departure = services.withdraw(business=paying.business, by=by, now=later)
    assert (departure.withdrawn_at, status(paying.business)) == (later, "canceled")

    paying.activate()
    assert "Online booking is paused" not in client_for(paying.business).get("/").text
    assert acts(paying.business) == ["salon.leaves", "salon.stays"]


def test_withdrawn_with_a_plan_that_goes_on_it_opens_at_once(paying, leave, by):
    leave(now=paying.now())

    services.withdraw(business=paying.business, by=by, now=paying.now())

    assert status(paying.business) == "active"


def test_what_is_withdrawn_is_withdrawn_once_and_may_be_asked_for_again(rosa, leave, by):
    with pytest.raises(NotLeaving):
        services.withdraw(business=rosa, by=by, now=NOW)
    first = leave()
    services.withdraw(business=rosa, by=by, now=NOW)
    with pytest.raises(NotLeaving):
        services.withdraw(business=rosa, by=by, now=NOW)

    again = leave(now=NOW + DAY)

    assert again.pk != first.pk
    assert set(queries.open_departures()) == {again.pk}


def test_owners_are_reminded_once_a_week_before(rosa, leave):
    departure = leave()

    for number in (1, 22, 23, 24, 29):
        look(departure, NOW + number * DAY)

    assert [kind for kind, _ in letters()] == ["leaving", "leaving_soon"]
    assert Departure.objects.get().warned_at == NOW + 23 * DAY


def test_customers_are_not_told_unless_it_is_wanted(salon, cut, ann, leave):
    visit = make_booking(salon, cut, at(salon))
    Message.objects.all().delete()

    look(leave(), NOW)

    visit.refresh_from_db()
    assert (visit.status, Message.objects.count()) == ("confirmed", 0)


def test_visits_are_called_off_their_guests_told_and_nothing_is_owed(salon, cut, ann, account, leave, no_answer):
    """A visit that would cost a fee, were it the customer who called it off."""
    visit = book(with_fees(salon), cut, at(salon), account)
    Message.objects.all().delete()
    no_answer()  # nothing of it needs Stripe
    departure = leave(cancel_visits=True)

    look(departure, NOW)
    look(departure, NOW)

    visit.refresh_from_db()
    assert (visit.status, visit.cancellation_fee_cents, visit.cancellation_reason) == (
        "canceled",
        0,
        "The salon closes.",
    )
    assert list(Message.objects.values_list("kind", "recipient")) == [("booking_cancelled", "anna@example.com")]
    assert "20.00" not in Message.objects.get().text
    assert set(Payment.objects.values_list("status", flat=True)) <= {"canceled"}
    assert CardSetup.objects.count() == 1


def test_visits_called_off_stay_called_off(salon, cut, ann, leave, by):
    visit = make_booking(salon, cut, at(salon))
    look(leave(cancel_visits=True), NOW)

    services.withdraw(business=salon, by=by, now=NOW)

    assert Booking.objects.get(pk=visit.pk).status == "canceled"


@pytest.fixture
def on_first_call_off():
    """Do something while the first visit is being called off."""
    connected = []

    def do(act):
        def receive(sender, booking, **kwargs):
            booking_canceled.disconnect(receive)
            act(booking)

        connected.append(receive)  # signals hold it weakly
        booking_canceled.connect(receive)

    yield do
    for receive in connected:
        booking_canceled.disconnect(receive)


def test_taken_back_meanwhile_the_visits_that_are_left_take_place(salon, cut, ann, leave, by, on_first_call_off):
    visits = [make_booking(salon, cut, at(salon, clock)) for clock in ("10:00", "12:00", "14:00")]
    departure = leave(cancel_visits=True)
    on_first_call_off(lambda booking: services.withdraw(business=salon, by=by, now=NOW))

    look(departure, NOW)

    assert states(visits) == ["canceled", "confirmed", "confirmed"]


def test_a_visit_that_cannot_be_called_off_keeps_none_of_the_others(salon, cut, ann, leave, on_first_call_off):
    visits = [make_booking(salon, cut, at(salon, clock)) for clock in ("10:00", "12:00", "14:00")]
    departure = leave(cancel_visits=True)

    def refuse(booking):
        raise DomainError("Not this one.")

    on_first_call_off(refuse)
    look(departure, NOW)
    assert states(visits) == ["confirmed", "canceled", "canceled"]

    look(departure, NOW)
    assert states(visits) == ["canceled"] * 3


def test_one_step_that_fails_keeps_none_of_the_others(salon, cut, ann, leave, paying, no_answer):
    make_booking(salon, cut, at(salon))
    departure = leave(now=paying.now(), cancel_visits=True)
    no_answer()

    look(departure, departure.erase_at - DAY)

    assert paying.state == "active"
    assert Departure.objects.get().warned_at is not None


def test_the_page_knows_what_hangs_on_the_salon(salon, cut, ann):
    from giftcards.tests.making import make_card, make_package

    make_booking(salon, cut, at(salon))
    make_card(cents=7500)
    make_package(cut)

    found = queries.consequences(salon, NOW)

    assert (found.visits, found.gift_cards, str(found.gift_money)) == (1, 1, "$75.00")
    assert (found.unpaid, found.moving, found.packages) == (0, [], 1)
    assert connection.schema_name == salon.schema_name
