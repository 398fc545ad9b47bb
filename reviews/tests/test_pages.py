"""From the link in the follow-up to the salon's front page, as people press it."""

import json
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from audit import actors
from bookings import links as visit_links
from bookings.models import Booking, Customer, Status
from bookings.services.profile import change_languages
from bookings.services.reminders import change_reminders
from bookings.services.reminders.following_up import follow_up
from messaging import services as messaging
from reviews import links, services
from reviews.models import Publishing, Review
from reviews.tests.conftest import completed, publish, rate


def address(booking):
    return reverse("reviews:review", args=[links.review_token(booking)], urlconf="config.urls_salon")


def front_data(client):
    html = client.get("/").content.decode()
    return json.loads(re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', html, re.DOTALL)[1]), html


def test_the_form_is_read_by_get_and_written_by_post(salon_client, booking):
    page = salon_client.get(address(booking))

    assert (page.status_code, Review.objects.count()) == (200, 0)
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("same-origin", "noindex, nofollow")
    assert page.content.decode().count('type="radio" name="stars"') == 5
    answer = salon_client.post(
        address(booking), {"stars": "4", "text": "Nice.\r\nVery.", "is_named": "on"}, follow=True
    )
    assert "Thank you. The salon has your review." in answer.content.decode()
    review = Review.objects.get()
    assert (review.stars, review.text, review.shown_name) == (4, "Nice.\nVery.", "Anna")


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"text": "Kept"}, "Choose from one to five stars."),
        ({"stars": "6", "text": "Kept"}, "Select a valid choice."),
        ({"stars": "5", "text": "Kept" + "x" * 1000}, "At most 1,000 characters"),
    ],
)
def test_a_bad_form_says_what_to_do_and_keeps_what_was_typed(salon_client, booking, sent, sentence):
    html = salon_client.post(address(booking), sent).content.decode()

    assert sentence in html
    assert "Kept" in html
    assert Review.objects.count() == 0


def test_nothing_but_stars_words_and_name_is_taken_from_the_form(salon_client, booking):
    salon_client.post(address(booking), {"stars": "5", "status": "published", "shown_name": "Bob", "answer": "x"})

    review = Review.objects.get()
    assert (review.status, review.shown_name, review.answer) == ("waiting", "", "")


def test_the_link_is_of_one_completed_visit_of_one_salon(salon_client, other_client, booking):
    assert other_client.get(address(booking)).status_code == 404
    wrong = reverse("reviews:review", args=[visit_links.manage_token(booking)], urlconf="config.urls_salon")
    assert salon_client.get(wrong).status_code == 404
    Booking.objects.filter(pk=booking.pk).update(status=Status.NO_SHOW)
    assert salon_client.get(address(booking)).status_code == 404


def test_it_is_taken_back_by_a_press_that_asks_first(salon_client, booking):
    rate(booking, 1, "Bad words")
    where = address(booking) + "take-back/"

    assert "This visit cannot be rated a second time." in salon_client.get(where).content.decode()
    assert Review.objects.get().stars == 1
    html = salon_client.post(where, follow=True).content.decode()

    assert "You have taken your review back." in html
    assert "Bad words" not in html
    assert salon_client.post(address(booking), {"stars": "5"}).status_code == 409


def test_the_front_page_says_nothing_until_something_is_published(salon_client, booking):
    rate(booking, 5, "Hidden gem")

    data, html = front_data(salon_client)

    assert "aggregateRating" not in data
    assert "What customers say" not in html
    assert 'name="robots" content="noindex"' in salon_client.get("/reviews/").content.decode()


def test_what_is_published_stands_on_the_front_page_and_for_search_engines(salon_client, salon, cut, booking):
    first = publish(rate(booking, 4, "Calm & <b>kind</b>"))
    publish(rate(completed(salon, cut, days=2), 5, is_named=False))

    data, html = front_data(salon_client)

    assert data["aggregateRating"] == {
        "@type": "AggregateRating",
        "ratingValue": "4.5",
        "reviewCount": 2,
        "bestRating": 5,
        "worstRating": 1,
    }
    assert [(each["author"]["name"], each["reviewRating"]["ratingValue"]) for each in data["review"]] == [
        ("A customer", 5),
        ("Anna", 4),
    ]
    assert data["review"][1]["reviewBody"] == first.text
    assert "Calm &amp; &lt;b&gt;kind&lt;/b&gt;" in html
    assert "Berg" not in html


def test_the_front_page_takes_one_query_more_whatever_there_is(
    salon_client, salon, cut, booking, django_assert_num_queries
):
    salon_client.get("/")
    with django_assert_num_queries(6):
        salon_client.get("/")
    publish(rate(booking))
    for days in (2, 3):
        publish(rate(completed(salon, cut, days=days)))

    with django_assert_num_queries(6):
        salon_client.get("/")


def test_the_public_list_has_pages_and_one_query_for_them(salon_client, salon, cut, ann, django_assert_num_queries):
    for days in range(1, 23):
        publish(rate(completed(salon, cut, days=days), 5, f"Visit number {days}"))

    salon_client.get("/reviews/")
    with django_assert_num_queries(2):  # the host, and the reviews
        first = salon_client.get("/reviews/").content.decode()
    second = salon_client.get("/reviews/?page=2").content.decode()

    assert (first.count('class="review"'), second.count('class="review"')) == (20, 2)
    assert "5.0</span> of 5 stars" in second
    for page in ("3", "0", "x", "²", "9999"):
        assert salon_client.get("/reviews/", {"page": page}).status_code == 404


def test_another_salon_shows_none_of_it(salon_client, other_client, booking):
    publish(rate(booking, 5, "Ours alone"))

    assert "Ours alone" in salon_client.get("/reviews/").content.decode()
    assert "Ours alone" not in other_client.get("/reviews/").content.decode()
    assert "aggregateRating" not in front_data(other_client)[0]


def test_the_visits_page_leads_there(salon_client, booking):
    visit = reverse("bookings:manage", args=[visit_links.manage_token(booking)], urlconf="config.urls_salon")

    assert address(booking) in salon_client.get(visit).content.decode()


@pytest.mark.parametrize("publishing", [Publishing.BY_HAND, Publishing.OFF])
@pytest.mark.parametrize(("language", "asked"), [("en", "Rate your visit"), ("de", "Mögen Sie anderen sagen")])
def test_the_follow_up_leads_there_unless_reviews_are_off(salon, booking, publishing, language, asked):
    now = timezone.now()
    services.change_publishing(business=salon, publishing=publishing, by=actors.SYSTEM, now=now)
    change_reminders(business=salon, rules=[], quiet=None, follow_up_min=60, by=actors.SYSTEM, now=now)
    change_languages(business=salon, language=language, others=[], by=actors.SYSTEM, now=now)
    Customer.objects.update(marketing_opt_in=True, marketing_opt_in_at=now)
    booking.refresh_from_db()
    with transaction.atomic():
        follow_up(booking=booking, now=now)

    messaging.send_due(now=now + timedelta(hours=1))

    sent = mail.outbox[-1]
    found = (address(booking) in sent.body, asked in sent.body, asked in sent.alternatives[0][0])
    assert found == ((publishing == Publishing.BY_HAND,) * 3)
