"""Step 9 for programs."""

import pytest

from onboarding.tests.posting import posted
from tenants.models import Business
from tenants.tests.api import NO_STATIC, signed_in

pytestmark = NO_STATIC
STEP = "step9/policies"
BODY = {
    "policies": {
        "cancellation": {"window_hours": 24, "fee_type": "percent", "fee_percent": 50, "text": "A day ahead."},
        "no_show": {"fee_type": "fixed", "fee_cents": 3000, "text": "Please come."},
        "refund": {"text": "Within a week."},
    },
    "booking": {"min_notice_min": 120, "horizon_days": 90, "slot_step_min": 30, "auto_confirm": False},
}


@pytest.fixture
def api(newcomer):
    return signed_in(None, newcomer)


def stored(opened, *names):
    return Business.objects.values_list(*names).get(pk=opened.pk)


def test_terms_and_rules_are_kept_and_read_back(api, opened):
    data = posted(api, STEP, BODY)["data"]

    assert (data["tenant_id"], data["subdomain"], data["completed_steps"]) == (str(opened.pk), "lark", [1, 2, 9])
    assert stored(opened, "cancellation_fee_percent", "no_show_fee_cents", "auto_confirm") == (50, 3000, False)
    answered = api.get("/api/v1/onboarding/progress").json()["data"]["step_data"]["9"]
    assert answered["booking"].items() >= BODY["booking"].items()
    for block, values in BODY["policies"].items():
        assert answered["policies"][block].items() >= values.items()


def test_the_answer_read_back_can_be_sent_again(api, opened):
    posted(api, STEP, BODY)
    answered = api.get("/api/v1/onboarding/progress").json()["data"]["step_data"]["9"]

    posted(api, STEP, answered)

    assert stored(opened, "cancellation_fee_percent", "min_notice_min") == (50, 120)


def test_what_is_not_named_stays(api, opened):
    posted(api, STEP, BODY)
    posted(api, STEP, {"policies": {"refund": {"text": "No."}}})

    assert stored(opened, "cancellation_fee_percent", "refund_text", "min_notice_min") == (50, "No.", 120)


@pytest.mark.parametrize(
    ("body", "status", "errors"),
    [
        ({}, 400, {"policies": ["This field is required."]}),
        ({"policies": {"cancelation": {}}}, 400, {"policies": {"cancelation": ["This field is not known."]}}),
        ({"policies": {}, "rules": {}}, 400, {"rules": ["This field is not known."]}),
        (
            {"policies": {"no_show": {"fee_type": "some"}}},
            400,
            {"policies": {"no_show": {"fee_type": ['"some" is not a valid choice.']}}},
        ),
        (
            {"policies": {"no_show": {"fee_type": "fixed"}}},
            422,
            {
                "policies": {
                    "no_show": {
                        "fee_cents": ["Write how much the fee for not coming is, or choose that there is none."]
                    }
                }
            },
        ),
    ],
    ids=("nothing", "a typing error", "an unknown block", "no such fee", "a fee of nothing"),
)
def test_wrong_answers_are_named_and_nothing_is_kept(api, opened, body, status, errors):
    assert posted(api, STEP, body, status)["errors"] == errors
    assert stored(opened, "no_show_fee_type") == ("none",)


def test_one_wrong_rule_keeps_the_terms_as_they_were(api, opened):
    wrong = BODY | {"booking": {"min_notice_min": 10_000, "horizon_days": 1}}

    refused = posted(api, STEP, wrong, 422)

    assert list(refused["errors"]["booking"]) == ["min_notice_min"]
    assert stored(opened, "cancellation_fee_percent") == (0,)


def test_terms_cannot_be_left_for_later(api, opened):
    assert posted(api, STEP, {"skip": True}, 400)["errors"]["skip"] == ["This field is not known."]


def test_somebody_elses_salon_does_not_exist(api, opened, rosa, nora):
    for business in (rosa, nora):
        posted(api, STEP, BODY | {"tenant_id": str(business.pk)}, 404)
        assert Business.objects.get(pk=business.pk).no_show_text != "Please come."
