"""Who is offered what, and what becomes of it."""

from datetime import timedelta

import pytest
from babel.dates import format_date
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit import actors
from audit.actors import SYSTEM
from bookings import services as bookings
from bookings import words
from bookings.basket import Basket
from bookings.models import Booking, Customer, Status, TimeBlock
from bookings.services import customers, team
from bookings.tests.factories import at, make_booking, make_member, make_service, submit, visit
from feeds import services as calendars
from feeds.tests.making import event_at, ics_of
from messaging.models import Message
from tenants.models import Membership
from waitlist import services
from waitlist.links import wish_url
from waitlist.models import FreedTime, Offer, OfferStatus, Wish, WishStatus
from waitlist.tests.making import ask, day_of, person, running, wait

OTHER = bookings.Details(name="Otto Other", email="otto@example.com", phone="+12125550199")
ONE_HOUR = (10 * 60, 11 * 60)


@pytest.fixture
def bea(cut):
    """Works one hour a day, so that there is one time for one cut."""
    return make_member("Bea", performs=[cut], works=ONE_HOUR)


@pytest.fixture
def full(salon, cut, bea):
    """The one hour in a week is taken; its visit."""
    return make_booking(salon, cut, at(salon, "10:00"))


def cancel(salon, booking):
    bookings.cancel_booking(business=salon, booking=booking, by=SYSTEM, now=timezone.now())


def expire(offer):
    """Turn the clock: its time to answer is over."""
    Booking.objects.filter(pk=offer.booking_id).update(hold_expires_at=timezone.now() - timedelta(seconds=1))
    bookings.expire_holds()


def statuses():
    return dict(Wish.objects.values_list("name", "status"))


def test_a_canceled_visit_is_offered_to_who_has_waited_longest(salon, cut, full):
    now = timezone.now()
    wait(salon, cut, "Late Comer", now=now)
    wait(salon, cut, "First Comer", now=now - timedelta(days=1))

    cancel(salon, full)
    made = ask(salon)

    assert made == 1
    offer = running()["First Comer"]
    assert list(running()) == ["First Comer"]
    assert (offer.start_at, offer.booking.status) == (full.start_at, Status.HOLD)
    assert offer.booking.hold_expires_at == offer.expires_at
    assert statuses() == {"First Comer": WishStatus.OFFERED, "Late Comer": WishStatus.WAITING}


def test_a_kept_time_is_nobody_elses(salon, cut, full):
    wait(salon, cut)
    cancel(salon, full)
    ask(salon)

    with pytest.raises(bookings.SlotTaken):
        make_booking(salon, cut, at(salon, "10:00"))


def test_its_person_is_told_by_mail_with_the_link(salon, cut, full):
    wait(salon, cut)
    cancel(salon, full)
    ask(salon)

    message = Message.objects.get(kind="waitlist_offer")
    assert message.recipient == "wanda@example.com"
    assert f"{salon.url}/waitlist/offers/" in message.text
    assert f"{salon.url}/waitlist/offers/" in message.html
    until = running()["Wanda Wait"].expires_at.astimezone(salon.zone)
    assert f"It is kept for you alone until {words.when(until)}." in message.text


def test_who_joins_gets_the_way_back_by_mail_once(salon, cut, full):
    for _ in range(2):
        wish = wait(salon, cut, until=9, windows=[(0, 720), (1020, 1440)])

    message = Message.objects.get(kind="waitlist_joined")
    first, last = (words.full_date(day_of(salon, days)) for days in (7, 9))
    assert (message.recipient, message.about_id) == ("wanda@example.com", wish.pk)
    assert message.subject == f"You are on the waiting list of {salon.name}"
    assert "What: Cut\n" in message.text
    assert f"When: {first} – {last}, 00:00 – 12:00, 17:00 – 24:00\n" in message.text
    for text in (message.text, message.html):
        assert wish_url(business=salon, wish=wish) in text


def test_who_joins_is_told_in_their_language(salon, cut, full):
    salon.other_languages = ["de"]
    salon.save()

    wait(salon, cut, language="de")

    message = Message.objects.get(kind="waitlist_joined")
    assert message.subject == f"Sie stehen auf der Warteliste von {salon.name}"
    assert "Sie stehen auf der Warteliste, Wanda Wait." in message.text
    assert f"\nWann: {format_date(day_of(salon), 'EEEE, d. MMMM y', locale='de')}\n" in message.text


def test_who_left_a_number_alone_gets_no_mail(salon, cut, full):
    wait(salon, cut, email="", phone="+12125550142")

    assert not Message.objects.filter(kind="waitlist_joined").exists()


@pytest.mark.parametrize("answer", ["declined", "expired"])
def test_what_is_not_taken_goes_to_the_next_and_not_back(salon, cut, full, answer):
    for name in ("Ann One", "Bob Two"):
        wait(salon, cut, name)
    cancel(salon, full)
    ask(salon)
    first = running()["Ann One"]

    if answer == "declined":
        services.decline(offer=first, now=timezone.now())
    else:
        expire(first)
    ask(salon)

    first.refresh_from_db()
    assert first.status == answer
    assert list(running()) == ["Bob Two"]
    assert statuses() == {"Ann One": WishStatus.WAITING, "Bob Two": WishStatus.OFFERED}


def test_when_all_have_declined_the_time_is_everybodys(salon, cut, full):
    wait(salon, cut)
    cancel(salon, full)
    ask(salon)

    services.decline(offer=running()["Wanda Wait"], now=timezone.now())

    assert ask(salon) == 0
    assert make_booking(salon, cut, at(salon, "10:00")).status == Status.CONFIRMED


def test_an_accepted_offer_becomes_a_visit_and_ends_the_wish(salon, cut, full):
    wait(salon, cut)
    cancel(salon, full)
    ask(salon)
    offer = running()["Wanda Wait"]

    booking = services.accept(offer=offer, browser_key="browser", now=timezone.now())
    submit(salon, booking)
    bookings.confirm_booking(business=salon, booking=booking, now=timezone.now())

    offer.refresh_from_db()
    assert offer.status == OfferStatus.BOOKED
    assert statuses() == {"Wanda Wait": WishStatus.BOOKED}
    assert (booking.start_at, booking.browser_key) == (full.start_at, "browser")


def test_an_accepted_then_canceled_offer_goes_to_the_next(salon, cut, full):
    for name in ("Ann One", "Bob Two"):
        wait(salon, cut, name)
    cancel(salon, full)
    ask(salon)
    booking = services.accept(offer=running()["Ann One"], browser_key="browser", now=timezone.now())
    submit(salon, booking)
    bookings.confirm_booking(business=salon, booking=booking, now=timezone.now())

    cancel(salon, booking)
    ask(salon)

    assert list(running()) == ["Bob Two"]
    assert statuses() == {"Ann One": WishStatus.BOOKED, "Bob Two": WishStatus.OFFERED}


def test_an_accepted_offer_that_nobody_finishes_goes_to_the_next(salon, cut, full):
    for name in ("Ann One", "Bob Two"):
        wait(salon, cut, name)
    cancel(salon, full)
    ask(salon)
    offer = running()["Ann One"]
    services.accept(offer=offer, browser_key="browser", now=timezone.now())

    expire(offer)
    ask(salon)

    assert list(running()) == ["Bob Two"]


def test_accepting_late_is_refused_and_changes_nothing(salon, cut, full):
    wait(salon, cut)
    cancel(salon, full)
    ask(salon)
    offer = running()["Wanda Wait"]
    Booking.objects.filter(pk=offer.booking_id).update(hold_expires_at=timezone.now() - timedelta(seconds=1))

    with pytest.raises(bookings.HoldExpired):
        services.accept(offer=offer, browser_key="browser", now=timezone.now())

    offer.refresh_from_db()
    assert offer.status == OfferStatus.OPEN
    assert not Booking.objects.filter(browser_key="browser").exists()


def test_a_declined_offer_cannot_be_accepted_any_more(salon, cut, full):
    wait(salon, cut)
    cancel(salon, full)
    ask(salon)
    offer = running()["Wanda Wait"]
    services.decline(offer=offer, now=timezone.now())

    with pytest.raises((services.OfferOver, bookings.HoldExpired)):
        services.accept(offer=offer, browser_key="browser", now=timezone.now())
    with pytest.raises(services.OfferOver):
        services.decline(offer=offer, now=timezone.now())


def test_leaving_frees_the_time_for_the_next(salon, cut, full):
    for name in ("Ann One", "Bob Two"):
        wait(salon, cut, name)
    cancel(salon, full)
    ask(salon)
    wish = Wish.objects.get(name="Ann One")

    services.leave(wish=wish, by=SYSTEM, now=timezone.now())
    ask(salon)

    assert list(running()) == ["Bob Two"]
    assert statuses() == {"Ann One": WishStatus.LEFT, "Bob Two": WishStatus.OFFERED}


@pytest.mark.parametrize(
    "wanted",
    [{"windows": [(660, 720)]}, {"days": 8}, {"days": 1, "until": 6}],
    ids=("another time of day", "another day", "earlier days"),
)
def test_what_does_not_suit_is_not_offered(salon, cut, full, wanted):
    wait(salon, cut, **wanted)
    make_booking(salon, cut, at(salon, "10:00", days=8))
    for days in range(1, 7):
        make_booking(salon, cut, at(salon, "10:00", days=days))

    cancel(salon, full)

    assert ask(salon) == 0
    assert make_booking(salon, cut, full.start_at).status == Status.CONFIRMED


def test_who_waits_for_somebody_is_offered_that_person(salon, cut, bea, full):
    cleo = make_member("Cleo", performs=[cut], works=ONE_HOUR)
    make_booking(salon, cut, full.start_at, team_member=cleo, details=OTHER)
    wait(salon, cut, "For Cleo", team_member=cleo)
    wait(salon, cut, "For Anyone")

    cancel(salon, full)  # Bea's
    ask(salon)

    assert {name: offer.booking.team_member for name, offer in running().items()} == {"For Anyone": bea}


def test_a_visit_that_moves_away_frees_its_time(salon, cut, full):
    wait(salon, cut)

    bookings.reschedule_booking(
        business=salon, booking=full, start=at(salon, "10:00", days=9), by=SYSTEM, now=timezone.now()
    )
    ask(salon)

    assert running()["Wanda Wait"].start_at == at(salon, "10:00")


def test_an_extra_shift_is_offered(salon, owner, cut, bea, full):

    wait(salon, cut)
    assert ask(salon) == 0

    team.set_special_day(
        member=bea, date=day_of(salon), shifts=[(600, 660), (900, 960)], by=actors.user(owner), now=timezone.now()
    )
    ask(salon)

    assert running()["Wanda Wait"].start_at == at(salon, "15:00")


def test_a_block_that_is_removed_is_offered(salon, owner, cut, bea):

    by, now = actors.user(owner), timezone.now()
    team.add_time_block(member=bea, starts_at=at(salon, "10:00"), ends_at=at(salon, "11:00"), by=by, now=now)
    wait(salon, cut)
    assert ask(salon) == 0

    team.remove_time_block(time_block=TimeBlock.objects.get(), by=by, now=now)
    ask(salon)

    assert running()["Wanda Wait"].start_at == at(salon, "10:00")


def test_nothing_is_offered_inside_the_notice(salon, cut, full):
    salon.min_notice_min = 7 * 24 * 60 + 24 * 60
    salon.save(update_fields=["min_notice_min"])
    wait(salon, cut)

    cancel(salon, full)

    assert ask(salon) == 0
    assert statuses() == {"Wanda Wait": WishStatus.WAITING}


def test_an_offer_never_stands_into_the_notice(salon, cut, full):
    wait(salon, cut)
    cancel(salon, full)
    left = full.start_at - timezone.now() - timedelta(hours=1)
    salon.min_notice_min = int(left / timedelta(minutes=1))
    salon.save(update_fields=["min_notice_min"])

    ask(salon)

    assert running()["Wanda Wait"].expires_at == full.start_at - timedelta(minutes=salon.min_notice_min)


def test_nobody_has_two_running_offers(salon, cut, bea):
    one, other = (make_booking(salon, cut, at(salon, "10:00", days=days)) for days in (7, 8))
    wait(salon, cut, days=7, until=8)

    cancel(salon, one)
    ask(salon)
    cancel(salon, other)
    ask(salon)

    assert [offer.start_at for offer in Offer.objects.all()] == [one.start_at]
    offer = Offer.objects.get()
    with pytest.raises(IntegrityError, match="one_running_offer_per_wish"), transaction.atomic():
        Offer.objects.create(
            wish=offer.wish,
            booking=other,
            start_at=other.start_at,
            end_at=other.end_at,
            expires_at=offer.expires_at,
            made_at=offer.made_at,
        )


def test_several_services_are_offered_as_one_visit(salon, cut, bea):

    color = make_service("Color")
    dan = make_member("Dan", performs=[color], works=(660, 720))
    taken = make_booking(salon, cut, at(salon, "10:00"))
    wait(salon, visit(cut, (color, dan)))

    cancel(salon, taken)
    ask(salon)

    items = running()["Wanda Wait"].booking.items.order_by("position")
    assert [(item.service, item.team_member) for item in items] == [(cut, bea), (color, dan)]


def test_the_same_wish_sent_twice_is_one(salon, cut, bea):
    assert wait(salon, cut) == wait(salon, cut)
    assert Wish.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "last", "windows"),
    [(2, 1, []), (-2, -1, []), (1, 400, []), (1, 2, [(600, 600)])],
    ids=("backwards", "over", "too far", "no time"),
)
def test_what_cannot_be_waited_for_is_refused(salon, cut, bea, first, last, windows):
    with pytest.raises(services.WishRefused):
        wait(salon, cut, days=first, until=last, windows=windows)

    assert not Wish.objects.exists()


def test_nobody_waits_for_too_much(salon, cut, bea):
    for days in range(10):
        wait(salon, cut, days=days + 1)

    with pytest.raises(services.WishRefused):
        wait(salon, cut, days=20)

    assert Wish.objects.count() == 10


def test_a_wish_ends_when_its_days_are_over_on_the_salons_wall(salon, cut, bea):
    wait(salon, cut, days=0)

    assert services.end_over(business=salon, now=timezone.now()) == 0
    assert services.end_over(business=salon, now=timezone.now() + timedelta(days=1)) == 1
    assert statuses() == {"Wanda Wait": WishStatus.OVER}


def test_another_salons_time_is_offered_to_nobody_here(salon, other_salon, cut, full):
    with tenant_context(other_salon):
        cut_there = make_service()
        make_member("Bea", performs=[cut_there], works=ONE_HOUR)
        wait(other_salon, cut_there, "Other Salon")
    wait(salon, cut)

    cancel(salon, full)
    ask(salon)

    with tenant_context(other_salon):
        assert not FreedTime.objects.exists()
        assert ask(other_salon) == 0
        assert not Offer.objects.exists()
    assert list(running()) == ["Wanda Wait"]


def test_where_nobody_waits_nothing_is_written_down(salon, cut, full):
    cancel(salon, full)

    assert not FreedTime.objects.exists()


def test_asking_twice_makes_no_second_offer(salon, cut, full):
    for name in ("Ann One", "Bob Two"):
        wait(salon, cut, name)
    cancel(salon, full)

    assert [ask(salon), ask(salon)] == [1, 0]


def test_who_is_forgotten_waits_no_longer(salon, owner, cut, bea, full):

    wish = wait(salon, cut, "Anna Berg", email="anna@example.com")
    cancel(salon, full)

    customers.erase_customer(customer=Customer.objects.get(), by=actors.user(owner), now=timezone.now())

    assert not Wish.objects.filter(pk=wish.pk).exists()


def test_a_number_is_enough_for_staff(salon, cut, bea):
    wish = services.join(
        business=salon,
        basket=Basket.of(cut),
        person=person(email="", phone="+12125550187"),
        first=day_of(salon),
        last=day_of(salon),
        now=timezone.now(),
        by=SYSTEM,
    )

    assert (wish.is_by_staff, wish.email) == (True, "")


# Another calendar ----------------------------------------------------------------------------------


@pytest.fixture
def private(salon, cut, bea, member):
    """Bea's other calendar, which is busy in her one hour of that day; and who may change it."""
    who = Membership.objects.with_roles().get(user=member("admin"), business=salon)
    start = at(salon, "10:00")
    calendar, _ = calendars.add_file(
        business=salon,
        membership=who,
        by=SYSTEM,
        team_member=bea,
        name="Private",
        data=ics_of(event_at(start, start + timedelta(hours=1))),
        now=timezone.now(),
    )
    return calendar, who


def read_anew(salon, private, *events):
    calendar, who = private
    calendars.replace_file(
        business=salon, membership=who, by=SYSTEM, calendar=calendar, data=ics_of(*events), now=timezone.now()
    )


def test_what_another_calendar_lets_go_is_offered(salon, cut, private):
    wait(salon, cut)
    FreedTime.objects.all().delete()
    assert ask(salon) == 0

    read_anew(salon, private, event_at(at(salon, "14:00"), at(salon, "15:00")))

    assert ask(salon) == 1
    assert running()["Wanda Wait"].start_at == at(salon, "10:00")


def test_a_calendar_that_is_taken_out_is_looked_at_too(salon, cut, private):
    wait(salon, cut)
    FreedTime.objects.all().delete()

    calendars.remove_calendar(calendar=private[0], membership=private[1], by=SYSTEM, now=timezone.now())

    assert ask(salon) == 1


def test_a_reading_that_lets_nothing_go_is_no_look(salon, cut, private):
    wait(salon, cut)
    FreedTime.objects.all().delete()
    start = at(salon, "10:00")

    for more in ([], [event_at(at(salon, "14:00"), at(salon, "15:00"))]):
        read_anew(salon, private, event_at(start, start + timedelta(hours=1)), *more)

    assert not FreedTime.objects.exists()


def test_busy_times_that_are_over_are_no_look(salon, cut, private):
    wait(salon, cut)
    FreedTime.objects.all().delete()
    ago = timezone.now() - timedelta(days=1)
    TimeBlock.objects.update(starts_at=ago, ends_at=ago + timedelta(hours=1))

    read_anew(salon, private)

    assert not FreedTime.objects.exists()
