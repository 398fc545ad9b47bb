"""`/api/v1/notification-templates`: written by admins, read by everybody of the salon, shown before anybody gets them."""

from uuid import uuid4

import pytest
from django.utils import timezone

from audit.actors import SYSTEM
from bookings import mail_values
from bookings.tests.factories import at, hold, make_booking
from messaging import services
from messaging.models import NotificationTemplate
from messaging.triggers import TRIGGERS
from tenants.tests.api import Api, signed_in

PATH = "/api/v1/notification-templates"
TEXT = {
    "name": "Yes",
    "channel": "email",
    "trigger": "booking_confirmed",
    "subject": "Booked, {{customer_name}}",
    "body": "Hello {{customer_name}},\n\n{{manage_link}}",
}
SMS = {"name": "", "channel": "sms", "trigger": "reminder", "body": "At {{booking_time}}"}


@pytest.fixture
def api(works_here):
    return works_here("admin")


@pytest.fixture
def template(salon):
    """The id of a saved text."""
    return str(services.save_template(fields=TEXT, by=SYSTEM, now=timezone.now()).pk)


def one(pk):
    return f"{PATH}/{pk}"


def stored():
    return list(NotificationTemplate.objects.values("name", "channel", "trigger", "subject", "body"))


def refused(answer, status=400):
    assert answer.status_code == status
    return answer.json()["errors"]


def test_a_text_is_written_read_changed_and_taken_away(api):
    written = api.post(PATH, TEXT)
    assert written.status_code == 201
    body = written.json()
    assert body == TEXT | {
        "id": body["id"],
        "language": "en",
        "is_active": True,
        "sort": 0,
        "placeholders": list(TRIGGERS["booking_confirmed"].placeholders),
        "warnings": [],
        "updated_at": body["updated_at"],
    }

    assert api.get(one(body["id"])).json() == body
    assert api.get(PATH).json() == {"count": 1, "next": None, "previous": None, "results": [body]}
    assert api.patch(one(body["id"]), {"subject": "Hi"}).json()["subject"] == "Hi"
    assert api.put(one(body["id"]), TEXT | {"sort": 3}).json()["sort"] == 3
    assert api.delete(one(body["id"])).status_code == 204
    assert api.get(one(body["id"])).status_code == 404


def test_several_texts_are_written_at_once_and_may_come_again(api, template):
    again = api.put(PATH, {"templates": [TEXT | {"body": "Short"}, SMS]})

    assert (again.status_code, again.json()[0]["id"]) == (200, template)
    assert [each["body"] for each in stored()] == ["Short", "At {{booking_time}}"]


def test_each_language_has_its_text_and_a_client_that_names_none_keeps_it(api, template):
    german = api.post(PATH, TEXT | {"language": "de"}).json()

    assert (german["language"], api.get(one(template)).json()["language"]) == ("de", "en")
    assert api.put(one(german["id"]), TEXT | {"sort": 3}).json()["language"] == "de"
    assert [each["id"] for each in api.get(PATH, language="de").json()["results"]] == [german["id"]]
    assert refused(api.post(PATH, TEXT | {"language": "tlh"})) == {"language": ['"tlh" is not a valid choice.']}


def test_a_preview_is_written_as_its_language_writes(api):
    body = {"body": "{{booking_time}}, {{price}}", "subject": "x", "language": "de"}
    german = api.post(PATH, TEXT | body).json()

    shown = api.post(f"{one(german['id'])}/preview", {}).json()

    assert (shown["body"], shown["characters"], shown["segments"]) == ("14:30, 65,00\xa0$", 14, 0)
    assert '<html lang="de">' in shown["html"]


def test_a_preview_of_a_text_message_says_what_it_is_sent_as(api):
    text = api.post(PATH, SMS | {"body": "ж" * 71}).json()

    shown = api.post(f"{one(text['id'])}/preview", {}).json()

    assert (shown["characters"], shown["segments"]) == (71, 2)


def test_texts_are_found_by_trigger_and_channel(api):
    api.put(PATH, {"templates": [TEXT, SMS]})

    found = api.get(PATH, trigger="reminder", channel="sms", is_active="true").json()["results"]

    assert [each["name"] for each in found] == ["Reminder (text message)"]


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"colour": "red"}, {"colour": ["This field is not known."]}),
        ({"id": "1"}, {"id": ["This field is not known."]}),
        ({"channel": "fax"}, {"channel": ['"fax" is not a valid choice.']}),
        ({"trigger": "birthday"}, {"trigger": ['"birthday" is not a valid choice.']}),
        ({"subject": ""}, {"subject": ["A subject cannot be empty."]}),
        ({"subject": "Hi\r\nBcc: a@example.com"}, {"subject": ["Line 1, column 3: A subject is one line."]}),
        ({"body": ""}, {"body": ["A text cannot be empty."]}),
        ({"body": "a\n {{nobody}}"}, {"body": ["Line 2, column 2: “{{nobody}}” is not a placeholder."]}),
        (
            {"body": "{{business_name"},
            {"body": ["Line 1, column 1: “{{business_name” is not closed: write }} behind the name."]},
        ),
        (
            {"body": "a" * 10_001},
            {"body": ["A text has at most 10,000 characters; this one has 10,001."]},
        ),
        ({"sort": -1}, {"sort": ["Ensure this value is greater than or equal to 0."]}),
    ],
)
def test_what_cannot_be_sent_is_refused_by_name(api, change, errors):
    assert refused(api.post(PATH, TEXT | change)) == errors
    assert stored() == []


@pytest.mark.parametrize("text", ["{% include 'x' %}", "${price}", "<% price %>", "{{ price|safe }}"])
def test_no_template_language_is_taken(api, text):
    answer = api.post(PATH, TEXT | {"body": f"Hello\n{text}"})

    assert list(refused(answer)) == ["body"]
    assert answer.json()["places"]["body"]["line"] == 2


def test_a_megabyte_is_refused(api):
    answer = api.post(PATH, TEXT | {"body": "a" * 1_000_000})
    larger = api.post(PATH, TEXT | {"body": "a" * 1_100_000})

    assert refused(answer) == {"body": ["A text has at most 10,000 characters; this one has 1,000,000."]}
    assert (larger.status_code, larger.json()["detail"]) == (400, "This body is too large or too deeply nested.")


def test_a_wrong_text_of_several_is_named_and_none_is_written(api):
    answer = api.put(PATH, {"templates": [TEXT, SMS | {"body": "{{nobody}}"}]})

    assert refused(answer) == {"1.body": ["Line 1, column 1: “{{nobody}}” is not a placeholder."]}
    assert stored() == []


def test_a_second_text_for_the_same_is_refused(api, template):
    answer = api.post(PATH, TEXT)

    assert (answer.status_code, answer.json()["code"]) == (409, "template_exists")
    assert len(stored()) == 1


def test_a_change_is_checked_with_what_stays(api, template):
    errors = refused(api.patch(one(template), {"channel": "sms"}))

    assert errors == {"subject": ["A text message has no subject."]}
    assert stored()[0]["channel"] == "email"


def test_a_long_text_message_is_warned_about(api):
    body = api.post(PATH, SMS | {"body": "a" * 500}).json()

    assert body["warnings"] == ["500 characters leave as several text messages; up to 480 are usual."]


def test_a_preview_has_a_made_up_customer(salon, api, template):
    body = api.post(f"{one(template)}/preview").json()

    assert body["subject"] == "Booked, Jordan Lee"
    assert body["body"] == f"Hello Jordan Lee,\n\n{salon.url}/b/sample/"
    assert f'<p>Hello Jordan Lee,</p>\n<p><a href="{salon.url}/b/sample/">' in body["html"]
    assert salon.name in body["html"]


def test_a_preview_of_a_booking_has_its_values_and_may_be_of_unsaved_words(salon, api, cut, ann, template):
    booking = make_booking(salon, cut, at(salon))
    asked = {"booking_id": str(booking.pk), "body": "{{customer_name}} {{manage_link}}"}

    body = api.post(f"{one(template)}/preview", asked).json()

    assert body["subject"] == "Booked, Anna Berg"
    assert body["body"] == f"Anna Berg {mail_values.manage_url(salon, booking)}"
    assert stored()[0]["body"] == TEXT["body"]


def test_a_preview_refuses_what_could_not_be_saved(api, template):
    path = f"{one(template)}/preview"

    assert list(refused(api.post(path, {"body": "{{nobody}}"}))) == ["body"]
    assert list(refused(api.post(path, {"name": "x"}))) == ["name"]
    assert api.post(path, {"booking_id": str(uuid4())}).status_code == 404


def test_a_hold_is_no_booking_to_preview(salon, api, cut, ann, template):
    held = hold(salon, cut, at(salon))

    assert api.post(f"{one(template)}/preview", {"booking_id": str(held.pk)}).status_code == 404


# Who may -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "writes"), [("owner", True), ("admin", True), ("staff", False), ("viewer", False)])
def test_admins_write_and_everybody_of_the_salon_reads(works_here, template, role, writes):
    api = works_here(role)

    statuses = [
        api.get(PATH).status_code,
        api.get(one(template)).status_code,
        api.post(PATH, SMS).status_code,
        api.put(PATH, {"templates": [SMS]}).status_code,
        api.put(one(template), TEXT).status_code,
        api.patch(one(template), {"sort": 1}).status_code,
        api.post(f"{one(template)}/preview").status_code,
        api.delete(one(template)).status_code,
    ]

    assert statuses == ([200, 200, 201, 200, 200, 200, 200, 204] if writes else [200, 200, *[403] * 6])


def everything(api, pk, **asked):
    return {
        api.get(one(pk)).status_code,
        api.put(one(pk), TEXT).status_code,
        api.patch(one(pk), {"sort": 1}).status_code,
        api.delete(one(pk)).status_code,
        api.post(f"{one(pk)}/preview", asked).status_code,
    }


def test_another_salons_texts_and_visits_do_not_exist_here(salon, other_salon, member, template, cut, ann):
    booking = make_booking(salon, cut, at(salon))
    neighbour = signed_in(other_salon, member("owner", other_salon))
    own = neighbour.post(PATH, SMS).json()["id"]

    assert everything(neighbour, template) == {404}
    assert neighbour.post(f"{one(own)}/preview", {"booking_id": str(booking.pk)}).status_code == 404
    assert [each["id"] for each in neighbour.get(PATH).json()["results"]] == [own]
    assert len(stored()) == 1


def test_another_salons_people_have_no_business_here(salon, other_salon, member, template):
    outsider = signed_in(salon, member("owner", other_salon))

    assert everything(outsider, template) | {outsider.get(PATH).status_code, outsider.post(PATH, SMS).status_code} == {
        404
    }
    assert len(stored()) == 1


def test_strangers_get_nothing(salon, template):
    stranger = Api(salon)

    assert {
        stranger.get(PATH).status_code,
        stranger.post(PATH, TEXT).status_code,
        stranger.delete(one(template)).status_code,
        stranger.post(f"{one(template)}/preview").status_code,
    } == {401}
