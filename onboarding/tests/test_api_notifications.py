"""Step 8 for programs."""

import pytest
from django_tenants.utils import tenant_context

from messaging.models import NotificationTemplate
from onboarding.tests.posting import posted
from tenants.tests.api import NO_STATIC, signed_in

pytestmark = NO_STATIC
STEP = "step8/notifications"
MAIL = {
    "name": "Yes",
    "channel": "email",
    "trigger": "booking_confirmed",
    "subject": "Booked, {{customer_name}}",
    "body": "Hello {{customer_name}},\n\n{{manage_link}}",
}
SMS = {"name": "Soon", "channel": "sms", "trigger": "reminder", "body": "At {{booking_time}}"}


@pytest.fixture
def api(newcomer):
    return signed_in(None, newcomer)


def kept(business):
    with tenant_context(business):
        return list(NotificationTemplate.objects.order_by("trigger").values_list("name", "body"))


def test_texts_are_kept_and_read_back(api, opened):
    data = posted(api, STEP, {"templates": [MAIL, SMS]})["data"]

    assert data["completed_steps"] == [1, 2, 8]
    assert kept(opened.business) == [("Yes", MAIL["body"]), ("Soon", SMS["body"])]
    answered = api.get("/api/v1/onboarding/progress").json()["data"]["step_data"]["8"]
    assert answered == {"templates": [MAIL | {"is_active": True}, SMS | {"subject": "", "is_active": True}]}


def test_sent_again_each_text_is_there_once(api, opened):
    posted(api, STEP, {"templates": [MAIL, SMS]})
    posted(api, STEP, {"templates": [MAIL | {"body": "New"}, SMS]})

    assert kept(opened.business) == [("Yes", "New"), ("Soon", SMS["body"])]


def test_one_wrong_text_keeps_all_of_them_out(api, opened):
    wrong = SMS | {"body": "At\n {{bookingtime}}"}

    refused = posted(api, STEP, {"templates": [MAIL, wrong]}, 400)

    assert list(refused["errors"]) == ["1.body"]
    assert "Did you mean {{booking_time}}?" in refused["errors"]["1.body"][0]
    assert refused["places"]["1.body"] == {"line": 2, "column": 2, "word": "{{bookingtime}}"}
    assert kept(opened.business) == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "templates"),
        ({"templates": [MAIL | {"channel": "fax"}]}, "templates"),
        ({"templates": [MAIL | {"html": "<b>"}]}, "templates"),
        ({"templates": [], "texts": []}, "texts"),
        ({"templates": [MAIL, MAIL]}, "1.trigger"),
        ({"templates": [SMS | {"subject": "S"}]}, "0.subject"),
    ],
)
def test_wrong_answers_are_named(api, opened, body, field):
    assert field in posted(api, STEP, body, 400)["errors"]
    assert kept(opened.business) == []


def test_the_step_may_be_left_for_later(api, opened):
    assert posted(api, STEP, {"skip": True})["data"]["completed_steps"] == [1, 2]


def test_without_texts_ours_are_sent(api, opened):
    assert posted(api, STEP, {"templates": []})["data"]["completed_steps"] == [1, 2, 8]
    assert kept(opened.business) == []


def test_somebody_elses_salon_does_not_exist(api, opened, rosa, nora):
    for business in (rosa, nora):
        posted(api, STEP, {"templates": [MAIL], "tenant_id": str(business.pk)}, 404)
        assert kept(business) == []
