"""The team reads reviews, publishes, hides and answers them."""

import pytest
from django.urls import reverse

from audit.models import AuditEntry
from messaging.models import Notice
from reviews import queries
from reviews.models import Review
from reviews.tests.conftest import ann, booking, by, completed, cut, publish, rate
from tenants.models import Role

__all__ = ["ann", "booking", "by", "cut"]


def url(name, *args):
    return reverse(f"dashboard:{name}", urlconf="config.urls_salon", args=args)


@pytest.fixture
def desk(client_for, salon, member):
    """A browser of a member with the role."""

    def signed_in(role):
        client = client_for(salon)
        client.force_login(member(role))
        return client

    return signed_in


@pytest.mark.parametrize(
    ("role", "read", "work"),
    [(Role.OWNER, 200, 302), (Role.ADMIN, 200, 302), (Role.STAFF, 200, 403), (Role.VIEWER, 200, 403)],
)
def test_who_reads_and_who_decides(desk, booking, role, read, work):
    review, client = rate(booking, 3, "Fine."), desk(role)

    assert client.get(url("reviews")).status_code == read
    page = client.get(url("review", review.pk))
    assert ("Save the answer" in page.content.decode()) == (work == 302)
    assert client.get(url("review-settings")).status_code == (200 if work == 302 else 403)
    presses = (("answer", {"text": "Thanks."}), ("publish", {}), ("hide", {"reason": "Insulting."}))
    for press, more in presses:
        assert client.post(url(f"review-{press}", review.pk), {"seen": 1} | more).status_code == work
    state = ("hidden", "Thanks.") if work == 302 else ("waiting", "")
    assert Review.objects.values_list("status", "answer").get() == state


def test_whose_salon_it_is_not_finds_nothing(client_for, other_salon, member, booking):
    review, client = rate(booking, 3), client_for(other_salon)
    client.force_login(member(Role.OWNER, business=other_salon))

    assert client.get(url("review", review.pk)).status_code == 404
    assert client.post(url("review-publish", review.pk), {"seen": 1}).status_code == 404
    assert Review.objects.get().status == "waiting"


def test_the_list_is_narrowed_by_status_and_stars(desk, salon, cut, booking):
    client = desk(Role.STAFF)
    rate(booking, 5, "First one")
    publish(rate(completed(salon, cut, days=2), 2, "Second one"))

    def texts(**asked):
        return [line.text for line in client.get(url("reviews"), asked).context["lines"]]

    assert texts() == ["Second one", "First one"]
    assert texts(status="waiting") == ["First one"]
    assert texts(stars="2", status="published") == ["Second one"]
    assert texts(stars="4") == []
    assert texts(stars="nine") == ["Second one", "First one"]


def test_the_list_costs_the_same_for_one_and_three(desk, salon, cut, booking, django_assert_num_queries):
    client = desk(Role.STAFF)
    rate(booking)
    client.get(url("reviews"))
    with django_assert_num_queries(9):
        client.get(url("reviews"))
    for days in (2, 3):
        rate(completed(salon, cut, days=days))

    with django_assert_num_queries(9):
        client.get(url("reviews"))


def test_hiding_without_a_reason_says_so_and_hides_nothing(desk, booking):
    review = rate(booking, 1, "Bad.")

    page = desk(Role.OWNER).post(url("review-hide", review.pk), {"seen": 1, "reason": " "})

    assert (page.status_code, Review.objects.get().status) == (400, "waiting")
    assert "Say why it is hidden" in page.content.decode()


def test_who_looked_at_an_earlier_version_is_told(desk, booking):
    review, client = rate(booking, 5, "Good."), desk(Role.OWNER)
    rate(booking, 1, "Bad.")

    page = client.post(url("review-publish", review.pk), {"seen": 1}, follow=True)

    assert "The customer has just changed this review." in page.content.decode()
    assert Review.objects.get().status == "waiting"


def test_the_setting_is_saved_with_a_line_in_the_trail(desk):
    desk(Role.OWNER).post(url("review-settings"), {"publishing": "at_once"})

    assert queries.publishing() == "at_once"
    assert AuditEntry.objects.get(action="reviews.settings_changed").after == {"publishing": "at_once"}


def test_the_bell_leads_to_the_review(client_for, salon, owner, booking):
    review, client = rate(booking, 4), client_for(salon)
    client.force_login(owner)

    notice = Notice.objects.get(event="review_written", reader_id=owner.pk)
    answer = client.post(reverse("dashboard:notice-open", urlconf="config.urls_salon", args=[notice.pk]))

    assert answer["Location"] == url("review", review.pk)
