"""The dashboard's pages of words: who opens them, what they show, save, refuse, try out and take back."""

import re
from uuid import UUID, uuid4

import pytest
from django.core import mail as mailbox
from django.urls import reverse
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from audit.models import AuditEntry
from bookings import mail, mail_values
from bookings.services.profile import change_languages
from bookings.tests.factories import at, make_booking, make_member, make_service
from messaging import defaults, services
from messaging.models import Message, NotificationTemplate
from messaging.triggers import TEXTED, TRIGGERS
from tenants.models import Role

LIST = "/dashboard/settings/words/"
TEXT = f"{LIST}en/booking_confirmed/email/"
SMS = f"{LIST}en/reminder/sms/"
TYPED = {"subject": "See you, {{customer_name}}", "body": "{{service_name}} at {{booking_time}}", "is_active": "on"}
PAGES = (LIST, f"{LIST}en/", TEXT, SMS, f"{LIST}languages/", f"{LIST}visits/")


@pytest.fixture
def client(salon, client_for, member):
    return client_for(salon, member("owner"))


def save_text(**fields):
    said = {"channel": "email", "trigger": "booking_confirmed", "subject": "Own", "body": "Own words"}
    return services.save_template(fields=said | fields, by=SYSTEM, now=timezone.now())


def stored():
    return list(NotificationTemplate.objects.values_list("language", "subject", "body", "is_active"))


def frame_of(client, answer):
    """The mail in the preview's frame."""
    return client.get(re.search(r'src="([^"]+/look/[^"]+)"', answer.text)[1])


# Who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"), [(Role.OWNER, 200), (Role.ADMIN, 200), (Role.STAFF, 403), (Role.VIEWER, 403)]
)
@pytest.mark.parametrize("page", PAGES)
def test_owners_and_admins_open_words(page, role, status, salon, client_for, member):
    assert client_for(salon, member(role)).get(page).status_code == status


@pytest.mark.parametrize("page", PAGES)
def test_for_strangers_and_other_salons_there_are_none(page, salon, nora, client_for, member):
    assert client_for(salon, member("owner", nora)).get(page).status_code == 404
    assert client_for(salon).get(page).status_code == 302


@pytest.mark.parametrize("role", [Role.STAFF, Role.VIEWER])
def test_roles_that_may_not_write_write_nothing(role, salon, client_for, member):
    save_text()
    client, before = client_for(salon, member(role)), stored()

    sent = [client.post(f"{TEXT}{name}", TYPED | {"save": "1"}) for name in ("", "preview/", "test/", "reset/")]
    sent.append(client.post(f"{LIST}languages/", {"language": "de"}))
    assert {answer.status_code for answer in sent} == {403}
    assert (stored(), Message.objects.count()) == (before, 0)


@pytest.mark.parametrize(
    "path", ["en/birthday/email/", "en/reminder/fax/", "de/reminder/email/", "xx/", "de/", f"look/{UUID(int=1)}/"]
)
def test_what_there_is_not_is_a_404(path, client):
    assert client.get(f"{LIST}{path}").status_code == 404


# The list --------------------------------------------------------------------------------------


def test_the_list_says_what_is_sent(client):
    save_text()
    save_text(trigger="reminder", is_active=False)

    rows = {
        (trigger.value, text["occasion"].channel): text["state"][0]
        for trigger, texts in client.get(LIST).context["rows"]
        for text in texts
    }
    assert set(rows) == {(each, "email") for each in TRIGGERS} | {(each, "sms") for each in TEXTED}
    assert (rows["booking_confirmed", "email"], rows["reminder", "email"]) == ("Your words", "Switched off")
    assert (rows["refunded", "email"], rows["refunded", "sms"]) == ("Standard", "Not sent")
    assert rows["reminder", "sms"] == "As in “Reminders”"


def test_a_text_message_nobody_is_sent_is_not_offered_and_said_where_it_was_written(client):
    page = f"{LIST}en/gift_card/sms/"
    before = client.get(page).status_code
    save_text(trigger="gift_card", channel="sms", subject="", body="A gift for you: {{gift_card_link}}")

    assert before == 404
    assert "About “Gift card” nothing leaves as a text message, only by e-mail." in client.get(page).text
    assert "Never sent" in client.get(LIST).text


def test_the_switch_of_a_reminders_text_says_what_it_switches(client):
    page = client.get(f"{LIST}en/reminder/sms/").text

    assert "Off: the standard words are sent." in page
    assert "Send this text message" not in page


def test_the_list_asks_as_often_however_many_texts_there_are(client, django_assert_num_queries):
    client.get(LIST)
    save_text()
    with django_assert_num_queries(7):
        client.get(LIST)
    save_text(trigger="reminder")
    save_text(trigger="refunded")
    with django_assert_num_queries(7):
        client.get(LIST)


# One text --------------------------------------------------------------------------------------


def test_a_text_is_saved_and_stands_in_the_trail(client, member):
    answer = client.post(TEXT, TYPED | {"save": "1"})

    assert (answer.status_code, answer.url) == (302, f"{LIST}en/")
    assert stored() == [("en", TYPED["subject"], TYPED["body"], True)]
    assert AuditEntry.objects.get(action="notification_template.added").actor_label.startswith("owner@")


def test_a_text_that_was_changed_meanwhile_is_not_written_twice(client):
    save_text()

    client.post(TEXT, TYPED | {"save": "1"})

    assert stored() == [("en", TYPED["subject"], TYPED["body"], True)]


@pytest.mark.parametrize("press", ["look", "find"])
def test_looking_saves_nothing(press, client):
    answer = client.post(TEXT, TYPED | {press: "1"})

    assert (answer.status_code, stored()) == (200, [])
    assert "See you, Jordan Lee" in answer.text


BAD = {
    "{{nobody}}": "Line 1, column 1: “{{nobody}}” is not a placeholder.",
    "a\r\n b {{ custmer_name }}": "Line 2, column 4: “{{custmer_name}}” is not a placeholder. Did you mean {{customer_name}}?",
    "{% for a in b %}": "Line 1, column 1: “{%” belongs to a template language",
    "${7*7}": "Line 1, column 1: “${” belongs to a template language",
    "<%= system('id') %>": "Line 1, column 1: “<%” belongs to a template language",
    "{{ 7*7 }}": "Line 1, column 1: “{{ 7*7 }}” is no placeholder",
    "{{ 'a' | upcase }}": "Line 1, column 1: “{{ 'a' | upcase }}” is no placeholder",
    "{{constructor.constructor('x')()}}": "Line 1, column 1: “{{constructor.constructor('x')()}}” is no placeholder",
    "{{customer_name": "Line 1, column 1: “{{customer_name” is not closed",
    "{{{{price}}}}": "Line 1, column 1: ",
    "a \u202e b": "Line 1, column 3: There is a character here that turns the direction of the text.",
    "a \u0007 b": "Line 1, column 3: There is a character here that cannot be written in a message.",
    "a" * 1_000_000: "A text has at most 10,000 characters; this one has 1,000,000.",
}


@pytest.mark.parametrize("body", BAD, ids=[each[:24] for each in BAD])
def test_what_cannot_be_sent_is_refused_by_place(body, client):
    answer = client.post(TEXT, TYPED | {"body": body, "save": "1"})

    assert (answer.status_code, stored()) == (200, [])
    [sentence] = answer.context["form"].errors["body"]
    assert sentence.startswith(BAD[body])
    assert answer.context["seen"] is None


def test_the_place_is_marked_in_its_line(client):
    answer = client.post(TEXT, TYPED | {"body": "Hello\r\nsee {{nobody}} there", "save": "1"})

    assert answer.context["form"].marked == [("Text", "see ", "{{nobody}}", " there")]
    assert "see <mark>{{nobody}}</mark> there" in answer.text


def test_a_subject_is_one_line(client):
    client.post(TEXT, TYPED | {"subject": "Hi\r\nBcc: all@example.com", "save": "1"})

    # A browser's field cannot hold a line break, and Django takes it out: no header is reached by it.
    assert "\n" not in (stored() or [("", "")])[0][1]


# The preview -----------------------------------------------------------------------------------


def test_the_mail_is_shown_inert_in_a_frame_of_its_own(client):
    answer = client.post(f"{TEXT}preview/", TYPED | {"body": "<script>alert(1)</script> {{customer_name}}"})

    framed = frame_of(client, answer)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Jordan Lee" in framed.text
    policy = framed.headers["Content-Security-Policy"]
    assert {"sandbox", "script-src 'none'", "default-src 'none'"} <= {part.strip() for part in policy.split(";")}
    assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-src 'self'" in client.get(TEXT).headers["Content-Security-Policy"]


def test_a_preview_of_another_salon_is_a_404(client, nora, client_for, member):
    answer = client.post(f"{TEXT}preview/", TYPED)
    path = re.search(r'src="([^"]+/look/[^"]+)"', answer.text)[1]

    assert client_for(nora, member("owner", nora)).get(path).status_code == 404


def test_a_real_visit_is_found_and_shown_with_its_facts(client, salon, cut, ann):
    booking = make_booking(salon, cut, at(salon))

    found = client.get(f"{LIST}visits/", {"visit": "Anna"})
    assert str(booking.pk) in found.text

    answer = client.post(TEXT, TYPED | {"look": "1", "booking": str(booking.pk)})
    shown = frame_of(client, answer).text
    assert "See you, Anna Berg" in answer.text
    assert (booking.ref in shown, "Cut at 10:00" in shown, answer.context["seen"].has_facts) == (True, True, True)


@pytest.mark.parametrize("kind", mail.KINDS)
def test_every_mail_about_a_visit_is_shown_with_it(kind, client, salon, cut, ann):
    booking = make_booking(salon, cut, at(salon))

    answer = client.post(f"{LIST}en/{kind}/email/preview/", TYPED | {"booking": str(booking.pk)})

    shown = frame_of(client, answer).text
    token = mail_values.manage_url(salon, booking).rsplit("/", 2)[1]
    assert ("Cut at 10:00" in shown, f'href="{salon.url}/sample/"' in shown, token in shown) == (
        True,
        kind != "follow_up",
        False,
    )
    assert answer.context["seen"].has_facts


def test_a_visit_of_another_salon_is_a_404(client, salon, nora):
    with tenant_context(nora):
        wax = make_service("Wax")
        make_member("Bob", performs=[wax])
        booking = make_booking(nora, wax, at(nora))

    for chosen in (str(booking.pk), str(uuid4()), "x"):
        assert client.post(f"{TEXT}preview/", TYPED | {"booking": chosen}).status_code == 404
    assert "Anna" not in client.get(f"{LIST}visits/", {"visit": "Anna"}).text


def test_a_text_message_says_what_it_costs(client):
    answer = client.post(f"{SMS}preview/", {"body": "ж" * 71, "is_active": "on"})

    look = answer.context["seen"]
    assert (look.characters, look.segments, look.credits) == (71, 2, 4)
    assert "71 characters, sent as 2 text messages: 4 credits." in answer.text


# A test, and the way back ----------------------------------------------------------------------


def test_a_test_goes_to_whoever_presses_and_leads_nowhere(client, salon):
    answer = client.post(f"{TEXT}test/", TYPED | {"body": "{{manage_link}} {{booking_link}}"})

    assert "A test is on its way to owner@" in answer.text
    services.send_due(now=timezone.now())
    [left] = mailbox.outbox
    assert (left.to, left.subject) == ([f"owner@{salon.slug}.example"], "[Test] See you, Jordan Lee")
    assert left.body.startswith("This is a test, sent to you alone")
    assert f"{salon.url}/sample/ {salon.url}" in left.body
    assert stored() == []


def test_tests_are_counted(client):
    answers = [client.post(f"{TEXT}test/", TYPED, REMOTE_ADDR="203.0.113.9") for _ in range(11)]

    assert Message.objects.filter(kind="words_test").count() == 10
    assert "Too many attempts" in answers[-1].text


def test_what_cannot_be_sent_is_not_tried_out(client):
    client.post(f"{TEXT}test/", TYPED | {"body": "{{nobody}}"})

    assert not Message.objects.exists()


def test_reset_shows_what_is_lost_and_brings_the_suggestion(client):
    save_text()
    suggested = defaults.default_for(trigger="booking_confirmed", channel="email")

    shown = client.get(f"{TEXT}reset/").text
    assert "Own words" in shown

    assert client.post(f"{TEXT}reset/").status_code == 302
    assert stored() == [("en", suggested.subject, suggested.body, True)]
    assert client.get(f"{SMS}reset/").status_code == 404


# Languages -------------------------------------------------------------------------------------


def test_languages_are_chosen_and_have_texts_of_their_own(client, salon):
    client.post(f"{LIST}languages/", {"language": "en", "others": ["de", "fr"]})
    salon.refresh_from_db()
    assert salon.languages == ("en", "de", "fr")

    german = client.get(f"{LIST}de/booking_confirmed/email/")
    assert german.context["form"].initial["subject"].startswith("Bestätigt: ")
    assert german.context["seen"].words.subject.startswith("Bestätigt: ")
    client.post(f"{LIST}de/booking_confirmed/email/", TYPED | {"save": "1"})
    assert stored() == [("de", TYPED["subject"], TYPED["body"], True)]


def test_words_in_a_language_given_up_stay_within_reach(client, salon):
    change_languages(business=salon, language="en", others=["de"], by=SYSTEM, now=timezone.now())
    save_text(language="de")
    client.post(f"{LIST}languages/", {"language": "en"})

    assert client.get(f"{LIST}de/").status_code == 200


def test_a_language_there_is_not_is_refused(client, salon):
    answer = client.post(f"{LIST}languages/", {"language": "xx", "others": ["yy"]})

    assert set(answer.context["form"].errors) == {"language", "others"}
    salon.refresh_from_db()
    assert salon.languages == ("en",)


def test_settings_lead_to_words(client):
    assert reverse("dashboard:words", urlconf="config.urls_salon") in client.get("/dashboard/settings/").text
