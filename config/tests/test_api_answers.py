"""What the API's description shows as answers is what was answered: a story is told, and compared with what is kept."""

import json
import os

import jsonschema
import pytest
import yaml
from django.core.management import call_command

from config.api_answers import JSON, KEPT, answers
from config.tests.api_story import Story, tell
from payments.tests.conftest import account, local_stripe, stripe_server
from tenants.tests.api import NO_STATIC, cheap_passwords

__all__ = ["account", "cheap_passwords", "local_stripe", "stripe_server"]
pytestmark = NO_STATIC
REFUSALS = {"400", "401", "402", "403", "404", "409", "415", "422", "429"}
PRESSES = {"cancel", "complete", "no-show", "paid-in-cash", "refund", "retry", "send-link"}
#: What is answered while Stripe is slow, where a card is tried again, and with pages of Stripe's.
WITHOUT = {f"POST /api/v1/admin/bookings/{{id}}/{press} 202" for press in PRESSES} | {
    "POST /api/payments/stripe/payment/capture 202",
    "POST /api/payments/stripe/payment/refund 202",
    "POST /api/v1/admin/bookings/{id}/retry 200",
    "POST /api/v1/admin/bookings/{id}/send-link 200",
    "POST /api/payments/stripe/checkout/session 201",
    "POST /api/payments/stripe/connect/setup 200",
}


@pytest.fixture(scope="module")
def description(tmp_path_factory):
    path = tmp_path_factory.mktemp("api") / "schema.yml"
    call_command("spectacular", "--urlconf", "config.urls_salon", "--file", str(path))
    return yaml.safe_load(path.read_text())


@pytest.fixture
def told(description, time_machine, salon, account, member):
    time_machine.move_to(0, tick=False)
    story = Story(description, time_machine)
    tell(story, salon=salon, account=account, member=member)
    return story.told()


def test_what_is_shown_is_what_was_answered(told):
    if "TITHI_KEEP_ANSWERS" in os.environ:
        KEPT.write_text(written(told))
    kept = json.loads(KEPT.read_text())

    assert [changed(told[kind], kept[kind]) for kind in ("answers", "refusals")] == [{}, {}], "see `make api-answers`"


def test_every_answer_is_shown_and_has_the_described_shape(description):
    shown = {label: answer for label, answer in answers(description) if answer.get("examples")}

    wrong = {
        (label, title): error.message
        for label, answer in shown.items()
        for title, example in answer["examples"].items()
        for error in validator(answer["schema"], description).iter_errors(value_of(example, description))
    }

    assert wrong == {}
    assert {label for label, _ in answers(description) if label.rpartition(" ")[2] < "300"} - set(shown) == WITHOUT
    refused = {label for label, _ in answers(description) if label.rpartition(" ")[2] in REFUSALS}
    assert refused <= set(shown)


def test_an_answer_of_another_shape_is_found(description):
    one = description["paths"]["/api/v1/closures"]["post"]["responses"]["201"]["content"][JSON]
    kept = one["examples"]["Answer"]["value"]

    found = [
        [error.message for error in validator(one["schema"], description).iter_errors(kept | wrong)]
        for wrong in ({}, {"stranded": None}, {"id": 7})
    ]

    assert found == [[], ["None is not of type 'integer'"], ["7 is not of type 'string'"]]


def changed(told, kept):
    """{what: (told, kept)} where they differ."""
    return {what: (told.get(what), kept.get(what)) for what in told | kept if told.get(what) != kept.get(what)}


def written(told):
    """JSON with a line for each answer."""
    kinds = [
        f"{json.dumps(kind)}: {{\n"
        + ",\n".join(f"{json.dumps(what)}: {json.dumps(body, ensure_ascii=False)}" for what, body in answered.items())
        + "\n}"
        for kind, answered in told.items()
    ]
    return "{\n" + ",\n".join(kinds) + "\n}\n"


def value_of(example, description):
    return (
        description["components"]["examples"][example["$ref"].rpartition("/")[2]]["value"]
        if "$ref" in example
        else example["value"]
    )


def validator(schema, description):
    whole = {"allOf": [schema], "components": {"schemas": description["components"]["schemas"]}}
    return jsonschema.Draft202012Validator(nulls(whole), format_checker=jsonschema.FormatChecker())


def nulls(schema):
    """JSON Schema for what OpenAPI 3.0 writes as `nullable`."""
    if isinstance(schema, list):
        return [nulls(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: nulls(each) for name, each in schema.items() if name != "nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") is True else plain
