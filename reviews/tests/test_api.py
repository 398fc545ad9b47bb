"""Reviews through the API: for everybody what is published, for the team all of them and what it does with them."""

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from bookings.tests.factories import make_member, make_service
from reviews import services
from reviews.models import Publishing, Review
from reviews.tests.conftest import completed, publish, rate
from tenants.tests.api import NO_STATIC, Api, signed_in

pytestmark = NO_STATIC
PUBLIC, ALL = "/booking/reviews", "/api/v1/reviews"
PRESSES = {"publish": {"version": 1}, "hide": {"version": 1, "reason": "Rude"}, "answer": {"version": 1, "text": "Hi"}}


def press(review, name):
    return f"{ALL}/{review.pk}/{name}"


@pytest.fixture
def visits(salon, cut, ann):
    return [completed(salon, cut, f"{10 + number}:00", days=number + 1) for number in range(3)]


def test_everybody_reads_what_is_published_and_no_more(salon, visits, by):
    shown, waiting, hidden = (rate(each, stars, "Well.") for each, stars in zip(visits, (5, 4, 1), strict=True))
    services.answer(review=shown, text="Thank you.", seen=1, by=by, now=timezone.now())
    for each in (shown, hidden):
        publish(each)
    services.hide(review=hidden, reason="Rude", seen=1, by=by, now=timezone.now())

    answer = Api(salon).get(PUBLIC).json()

    month = f"{timezone.now().astimezone(salon.zone):%Y-%m}"
    said = {"stars": 5, "text": "Well.", "signed": "Anna", "month": month, "answer": "Thank you."}
    assert answer == {"average": 5.0, "count": 1, "next": None, "previous": None, "results": [said]}
    assert waiting.status == "waiting"


def test_the_average_is_of_all_of_them_whatever_page_is_read(salon, visits):
    for each, stars in zip(visits, (5, 4, 4), strict=True):
        publish(rate(each, stars))

    pages = [Api(salon).get(PUBLIC, limit=2, page=page).json() for page in (1, 2)]

    assert [(page["average"], page["count"], len(page["results"])) for page in pages] == [(4.33, 3, 2), (4.33, 3, 1)]


@pytest.mark.parametrize("off", [False, True], ids=["none", "switched off"])
def test_where_nothing_is_shown_there_is_no_average(salon, visits, by, off):
    if off:
        publish(rate(visits[0]))
        services.change_publishing(business=salon, publishing=Publishing.OFF, by=by, now=timezone.now())

    assert Api(salon).get(PUBLIC).json() == {
        "average": None, "count": 0, "next": None, "previous": None, "results": []
    }  # fmt: skip


@pytest.mark.parametrize("rows", [1, 3])
def test_reading_them_is_two_queries_however_many(salon, visits, rows, django_assert_num_queries):
    for each in visits[:rows]:
        publish(rate(each))
    api = Api(salon)
    api.get(PUBLIC)

    with django_assert_num_queries(3):  # the host's salon, how many, these
        assert len(api.get(PUBLIC).json()["results"]) == rows


def test_the_team_publishes_answers_and_hides(salon, visits, admin):
    review, api = rate(visits[0], 2, "Meh."), signed_in(salon, admin)

    done = [api.post(press(review, name), PRESSES[name]).json() for name in ("publish", "answer", "hide")]

    assert [(each["status"], each["answer"], each["hidden_reason"]) for each in done] == [
        ("published", "", ""),
        ("published", "Hi", ""),
        ("hidden", "Hi", "Rude"),
    ]
    lines = AuditEntry.objects.filter(subject_id=review.pk, actor_id=admin.pk).order_by("at", "pk")
    assert [line.action for line in lines] == ["review.published", "review.answered", "review.hidden"]


@pytest.mark.parametrize("name", sorted(PRESSES))
def test_what_was_not_read_is_not_acted_upon(salon, visits, admin, name):
    review = rate(visits[0], 5, "Good.")
    rate(visits[0], 1, "Bad.")

    answer = signed_in(salon, admin).post(press(review, name), PRESSES[name])

    assert (answer.status_code, answer.json()["code"]) == (409, "review_changed")
    review.refresh_from_db()
    assert (review.status, review.answer) == ("waiting", "")


@pytest.mark.parametrize("name", sorted(PRESSES))
@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("staff", 403), ("admin", 200), ("owner", 200)])
def test_who_may_act(salon, visits, member, name, role, status):
    review = rate(visits[0])

    assert signed_in(salon, member(role)).post(press(review, name), PRESSES[name]).status_code == status

    review.refresh_from_db()
    assert (review.status == "waiting" and not review.answer) == (status == 403)


@pytest.mark.parametrize("name", sorted(PRESSES))
def test_strangers_and_other_salons_change_nothing(salon, other_salon, visits, member, name):
    review = rate(visits[0])
    with tenant_context(other_salon):
        service = make_service()
        make_member(performs=[service])
        foreign = rate(completed(other_salon, service))

    assert Api(salon).post(press(review, name), PRESSES[name]).status_code == 401
    assert signed_in(salon, member("owner", other_salon)).post(press(review, name), PRESSES[name]).status_code == 404
    assert signed_in(salon, member("admin")).post(press(foreign, name), PRESSES[name]).status_code == 404
    assert Review.objects.get().status == "waiting"


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_hiding_wants_a_reason(salon, visits, admin, reason):
    review = rate(visits[0])

    answer = signed_in(salon, admin).post(press(review, "hide"), {"version": 1, "reason": reason})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["reason"])
    assert Review.objects.get().status == "waiting"
