"""What customers and the salon can do with a review, and what the database refuses whoever asks."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from bookings.models import Booking, Status
from bookings.services import correct_booking, customers
from messaging.models import Notice
from reviews import queries, rules, services
from reviews.models import Publishing, Review, ReviewStatus
from reviews.tests.conftest import GUEST, completed, publish, rate


def trail():
    return sorted(AuditEntry.objects.filter(action__startswith="review").values_list("action", flat=True))


def switch(salon, publishing, by):
    return services.change_publishing(business=salon, publishing=publishing, by=by, now=timezone.now())


def test_a_review_waits_until_somebody_has_looked_at_it(booking, owner):
    review = rate(booking, 4, "Lovely.")

    assert (review.status, review.stars, review.text, review.shown_name) == ("waiting", 4, "Lovely.", "Anna")
    assert queries.rating() is None
    assert trail() == ["review.written"]
    told = Notice.objects.get(event="review_written")
    assert (told.about_id, told.words) == (review.pk, "4 of 5 stars for Cut. Read it and publish or answer it.")


def test_what_it_says_stands_in_no_trail(booking, by):
    review = rate(booking, 1, "A secret of mine.")
    publish(review, by)

    assert "secret" not in str(list(AuditEntry.objects.values_list("before", "after", "subject_label")))


def test_the_same_press_twice_is_one_review(booking):
    first, second = rate(booking, 5, "Good."), rate(booking, 5, "Good.")

    assert first.pk == second.pk
    assert trail() == ["review.written"]
    assert (
        Notice.objects.filter(event="review_written").count() == Notice.objects.values("reader_id").distinct().count()
    )


def test_nobody_is_named_who_does_not_want_to(booking):
    assert rate(booking, is_named=False).signed == "A customer"


def test_it_is_changed_while_nobody_has_published_or_answered_it(booking, by):
    review = rate(booking, 2)

    changed = rate(booking, 4, "On second thoughts.")

    assert (changed.pk, changed.stars, changed.version) == (review.pk, 4, 2)
    publish(changed, by)
    with pytest.raises(services.ReviewSettled):
        rate(booking, 1)
    assert Review.objects.get().stars == 4


def test_an_answered_one_is_not_changed(booking, by):
    review = rate(booking, 2)
    services.answer(review=review, text="We are sorry.", seen=1, by=by, now=timezone.now())

    with pytest.raises(services.ReviewSettled):
        rate(booking, 1)


@pytest.mark.parametrize(("late", "stars"), [(timedelta(seconds=-1), 3), (timedelta(), 5)], ids=("in time", "too late"))
def test_the_time_to_change_it_ends(booking, late, stars):
    review = rate(booking, 5)
    now = review.written_at + rules.CHANGING + late

    if late:
        rate(booking, 3, now=now)
    else:
        with pytest.raises(services.TooLate):
            rate(booking, 3, now=now)

    assert Review.objects.get().stars == stars


def test_the_time_to_write_one_ends(booking):
    with pytest.raises(services.TooLate):
        rate(booking, now=booking.end_at + rules.WRITING)

    assert Review.objects.count() == 0


@pytest.mark.parametrize("status", [Status.CONFIRMED, Status.CHECKED_IN, Status.NO_SHOW, Status.CANCELED])
def test_only_a_completed_visit_is_rated(booking, status):
    Booking.objects.filter(pk=booking.pk).update(status=status)

    with pytest.raises(services.TooLate):
        rate(booking)

    assert Review.objects.count() == 0


def test_where_reviews_are_off_none_is_taken_and_none_shown(salon, booking, by):
    review = publish(rate(booking), by)

    assert switch(salon, Publishing.OFF, by)

    assert queries.rating() is None
    with pytest.raises(services.Closed):
        rate(booking, 1)
    switch(salon, Publishing.BY_HAND, by)
    assert queries.rating().latest == [review]


def test_at_once_is_at_once_whatever_the_stars(salon, cut, booking, by):
    switch(salon, Publishing.AT_ONCE, by)

    rate(booking, 1)
    rate(completed(salon, cut, days=2), 5)

    assert (queries.rating().shown, queries.rating().count) == ("3.0", 2)


def test_setting_what_is_set_leaves_no_line(salon, by):
    assert not switch(salon, Publishing.BY_HAND, by)
    assert trail() == []


def test_hiding_wants_a_reason_and_the_trail_keeps_it(booking, by):
    review = publish(rate(booking, 1, "Rude words."), by)

    with pytest.raises(services.NoReason):
        services.hide(review=review, reason="  ", seen=1, by=by, now=timezone.now())
    services.hide(review=review, reason="Insults Ann.", seen=1, by=by, now=timezone.now())

    assert queries.rating() is None
    line = AuditEntry.objects.get(action="review.hidden")
    assert (line.after, line.actor_id) == ({"status": "hidden", "reason": "Insults Ann."}, by.id)
    shown = publish(Review.objects.get(), by)
    assert (shown.status, shown.hidden_reason, shown.published_at) == ("published", "", review.published_at)


def test_nobody_publishes_what_they_have_not_read(booking, by):
    read = rate(booking, 5, "Good.")
    rate(booking, 5, "Read my website instead.")

    for press in (services.publish, services.hide, services.answer):
        more = {services.hide: {"reason": "x"}, services.answer: {"text": "x"}}.get(press, {})
        with pytest.raises(services.ReviewChanged):
            press(review=read, seen=read.version, by=by, now=timezone.now(), **more)

    assert Review.objects.get().status == ReviewStatus.WAITING


def test_an_answer_says_who_and_when_and_can_be_taken_away(booking, by):
    now = timezone.now()
    review = services.answer(review=rate(booking), text=" Thank you. ", seen=1, by=by, now=now)
    assert (review.answer, review.answered_by_id, review.answered_at) == ("Thank you.", by.id, now)

    review = services.answer(review=review, text="", seen=1, by=by, now=now)

    assert (review.answer, review.answered_by_id, review.answered_by, review.answered_at) == ("", None, "", None)
    assert trail() == ["review.answered", "review.answered", "review.written"]


def test_who_takes_it_back_leaves_nothing_and_cannot_write_another(booking, by):
    review = publish(rate(booking, 1, "Bad."), by)
    services.answer(review=review, text="Dear Anna!", seen=1, by=by, now=timezone.now())

    services.take_back(review=review, by=GUEST, now=timezone.now())

    left = Review.objects.get()
    assert (left.stars, left.text, left.shown_name, left.answer, left.status) == (None, "", "", "", "taken_back")
    assert queries.rating() is None
    with pytest.raises(services.ReviewSettled):
        rate(booking, 5)
    for press in (services.take_back, services.publish):
        with pytest.raises(services.ReviewSettled):
            press(review=left, by=by, now=timezone.now(), **({"seen": 1} if press is services.publish else {}))


def test_a_forgotten_customers_stars_stay_without_name_and_words(booking, by):
    review = publish(rate(booking, 2, "I am Anna Berg."), by)
    services.answer(review=review, text="Dear Anna Berg", seen=1, by=by, now=timezone.now())

    customers.erase_customer(customer=booking.customer, by=by, now=timezone.now())

    left = Review.objects.get()
    assert (left.stars, left.status, left.text, left.shown_name, left.answer) == (2, "published", "", "", "")
    assert "Anna Berg" not in str(list(AuditEntry.objects.filter(subject_type="reviews.review").values()))
    assert set(Notice.objects.filter(event="review_written").values_list("words", flat=True)) <= {""}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("stars", 0),
        ("stars", 6),
        ("stars", None),
        ("text", "x" * 1001),
        ("answer", "Never at any time."),
        ("status", "published"),
        ("status", "hidden"),
        ("status", "taken_back"),
        ("status", "liked"),
        ("hidden_reason", "Shown all the same."),
    ],
)
def test_the_database_refuses_what_cannot_be(booking, column, value):
    review = rate(booking)

    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(**{column: value})

    assert Review.objects.filter(pk=review.pk, stars=5, status="waiting").exists()


def test_a_visit_has_one_review(booking):
    review = rate(booking)

    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(booking=booking, stars=1, written_at=review.written_at, changed_at=review.written_at)


def test_another_salon_has_nothing_of_it(booking, other_salon, by):
    publish(rate(booking), by)

    with tenant_context(other_salon):
        assert (queries.rating(), Review.objects.count()) == (None, 0)


# A visit that did not take place ---------------------------------------------------------------------


def correct(salon, booking, to, by):
    with transaction.atomic():
        locked = Booking.objects.select_for_update(of=("self",), no_key=True).get(pk=booking.pk)
        correct_booking(business=salon, booking=locked, to=to, by=by, now=timezone.now(), reason="Wrong button")


@pytest.mark.parametrize("shown", [False, True], ids=["waiting", "published"])
@pytest.mark.parametrize(
    ("to", "reason"),
    [
        (Status.NO_SHOW, "The visit was corrected: the customer did not come."),
        (Status.CANCELED, "The visit was corrected: it was cancelled."),
    ],
)
def test_a_corrected_visit_hides_its_review_and_says_why(salon, booking, by, shown, to, reason):
    review = rate(booking, 1, "Never been there.")
    if shown:
        publish(review, by)

    correct(salon, booking, to, by)

    review.refresh_from_db()
    assert (review.status, review.stars, review.text) == ("hidden", 1, "Never been there.")
    assert review.hidden_reason == reason
    assert queries.rating() is None
    assert AuditEntry.objects.get(action="review.hidden").after["reason"] == reason


def test_a_visit_that_was_corrected_to_what_it_is_shows_what_it_did(salon, booking, by):
    review = publish(rate(booking), by)

    correct(salon, booking, Status.COMPLETED, by)

    review.refresh_from_db()
    assert review.status == "published"


def test_what_was_hidden_or_taken_back_stays_as_it_was(salon, cut, ann, booking, by):
    hidden = publish(rate(booking), by)
    services.hide(review=hidden, reason="Names a neighbour", seen=1, by=by, now=timezone.now())
    other = completed(salon, cut, "12:00", days=2)
    back = rate(other)
    services.take_back(review=back, by=GUEST, now=timezone.now())

    for each in (booking, other):
        correct(salon, each, Status.NO_SHOW, by)

    assert [Review.objects.get(pk=review.pk).hidden_reason for review in (hidden, back)] == ["Names a neighbour", ""]
    assert Review.objects.get(pk=back.pk).status == "taken_back"
