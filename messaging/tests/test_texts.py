"""A text message from the outbox to Twilio and back: once, to who wants it, with what became of it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django_tenants.utils import schema_context, tenant_context

from messaging import callbacks, composing, metering, services
from messaging.dispatch.models import TextedNumber
from messaging.models import Channel, Message, NotificationTemplate, Suppression
from messaging.services import sending
from messaging.tests.local_twilio import deliver

# Twilio's clock is real, and what it took is looked for since then.
NOW = datetime.now(UTC)
LATER = NOW + timedelta(hours=1)
ANN = "+12125550101"
ABOUT = UUID("7d9f2c5e-0000-4000-8000-000000000001")
WORDS = "{{business_name}}: see you on {{booking_date}}"


def queue(**changes):
    fields = {"kind": "hello", "recipient": ANN, "text": "See you", "about_id": ABOUT, "channel": Channel.SMS}
    return services.queue(**fields | {"now": NOW} | changes)


def state(message):
    message.refresh_from_db()
    return message.status, message.delivery


@pytest.fixture
def meter(monkeypatch):
    """What was charged and given back."""
    booked = []
    monkeypatch.setattr(metering, "_meters", {})
    metering.register(
        Channel.SMS,
        metering.Meter(lambda message, now: booked.append("charge"), lambda message, now: booked.append("back")),
    )
    return booked


def test_a_text_leaves_and_keeps_twilios_name_for_it(salon, local_twilio, meter):
    message = queue()

    assert services.send_due(now=NOW) == 1

    [taken] = local_twilio.look("/messages")
    message.refresh_from_db()
    assert (message.status, message.provider_id, message.segments) == ("sent", taken["sid"], 1)
    assert meter == ["charge"]


def test_an_installation_without_twilio_sends_none(salon, meter):
    message = queue()

    assert services.send_due(now=NOW) == 0
    message.refresh_from_db()
    assert (message.status, meter) == ("dead", ["charge", "back"])


@pytest.mark.parametrize("kind", ["429", "500"])
def test_what_twilio_did_not_take_leaves_later(salon, local_twilio, kind, meter):
    message = queue()
    local_twilio.fault(kind)

    assert services.send_due(now=NOW) == 0
    assert state(message)[0] == "queued"
    assert services.send_due(now=LATER) == 1
    assert local_twilio.taken() == [(ANN, "See you")]


def test_a_lost_answer_sends_nothing_twice(salon, local_twilio, meter):
    message = queue()
    local_twilio.fault("lost_answer")

    assert services.send_due(now=NOW) == 0
    assert services.send_due(now=LATER) == 1

    [taken] = local_twilio.look("/messages")
    message.refresh_from_db()
    assert (message.status, message.provider_id) == ("sent", taken["sid"])


def test_the_same_words_about_something_else_are_not_taken_for_it(salon, local_twilio, meter):
    queue()
    services.send_due(now=NOW)
    second = queue(about_id=UUID(int=2))
    local_twilio.fault("500")

    assert services.send_due(now=NOW) == 0
    assert services.send_due(now=LATER) == 1
    assert state(second)[0] == "sent"
    assert local_twilio.taken() == [(ANN, "See you")] * 2


def test_a_lost_answer_is_known_by_its_words_of_then(salon, local_twilio, meter, monkeypatch):
    """What is written anew for every attempt may say something else the second time."""
    monkeypatch.setattr(composing, "_writers", {})
    words = iter(["See you in an hour", "See you in 50 minutes"])
    composing.register("hello", lambda message, now: composing.Composed(next(words)))
    message = queue(text="")
    local_twilio.fault("lost_answer")

    assert services.send_due(now=NOW) == 0
    assert services.send_due(now=LATER) == 1
    assert state(message)[0] == "sent"
    assert local_twilio.taken() == [(ANN, "See you in an hour")]


@pytest.mark.parametrize("once", [False, True])
def test_a_worker_that_died_after_sending_repeats_nothing(salon, local_twilio, monkeypatch, once):
    """Also of what may never leave twice: Twilio can be asked, so nobody has to."""
    message = queue(once=once)

    def die(*args):
        raise SystemExit

    with monkeypatch.context() as dying, pytest.raises(SystemExit):
        dying.setattr(sending, "_sent", die)
        services.send_due(now=NOW)
    assert state(message)[0] == "sending"

    assert services.send_due(now=LATER) == 1
    assert state(message)[0] == "sent"
    assert local_twilio.taken() == [(ANN, "See you")]


@pytest.mark.parametrize(
    ("number", "cause"), [("+15005550004", "stopped"), ("+15005550009", "bounced"), ("+15005550002", None)]
)
def test_a_number_that_gets_no_texts_is_remembered_and_paid_back(
    salon, other_salon, local_twilio, meter, number, cause
):
    message = queue(recipient=number)

    services.send_due(now=NOW)

    assert state(message)[0] == "dead"
    assert meter == ["charge", "back"]
    assert list(Suppression.objects.values_list("cause", flat=True)) == ([cause] if cause else [])
    with tenant_context(other_salon):
        assert Suppression.objects.count() == 0


# What became of it ------------------------------------------------------------------------------


@pytest.fixture
def sent(salon, local_twilio, meter):
    message = queue()
    services.send_due(now=NOW)
    return message


def test_delivery_is_told(sent, local_twilio, platform_client):
    answers = [deliver(platform_client, call).status_code for call in local_twilio.news()]

    assert answers == [204, 204]
    assert state(sent) == ("sent", "delivered")


@pytest.mark.parametrize(
    ("number", "suppressed"), [("+15005550013", 0), ("+15005550015", 1), ("+15005550016", 1), ("+15005550018", 0)]
)
def test_what_did_not_arrive_is_paid_back(salon, local_twilio, platform_client, meter, number, suppressed):
    message = queue(recipient=number)
    services.send_due(now=NOW)

    for call in local_twilio.news() * 2:  # told twice
        assert deliver(platform_client, call).status_code == 204

    connection.set_tenant(salon)
    assert state(message) == ("sent", "failed")
    assert message.delivery_detail != ""
    assert meter == ["charge", "back"]
    assert Suppression.objects.count() == suppressed


def test_news_in_any_order_never_goes_back(sent, local_twilio, platform_client):
    sid = local_twilio.look("/messages")[0]["sid"]
    for status, code in (("delivered", None), ("sent", None), ("queued", None), ("failed", 30008), ("delivered", None)):
        call = local_twilio.control("/status", sid=sid, status=status, code=code)
        deliver(platform_client, call)

    assert state(sent) == ("sent", "delivered")


def test_news_before_the_answer_settles_a_lost_one(salon, local_twilio, platform_client, meter):
    message = queue()
    local_twilio.fault("lost_answer")
    services.send_due(now=NOW)

    for call in local_twilio.news():
        deliver(platform_client, call)
    connection.set_tenant(salon)
    services.send_due(now=LATER)

    assert state(message) == ("sent", "delivered")
    assert len(local_twilio.taken()) == 1


def forged(call):
    return {
        "another token": call["headers"] | {"X-Twilio-Signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="},
        "none": {name: value for name, value in call["headers"].items() if name != "X-Twilio-Signature"},
        "empty": call["headers"] | {"X-Twilio-Signature": ""},
        "not latin": call["headers"] | {"X-Twilio-Signature": "é"},
    }


@pytest.mark.parametrize("how", ["another token", "none", "empty", "not latin"])
def test_who_is_not_twilio_changes_nothing(sent, local_twilio, platform_client, how):
    call = local_twilio.news()[-1]

    assert deliver(platform_client, call, headers=forged(call)[how]).status_code == 403
    assert state(sent) == ("sent", "")


@pytest.mark.parametrize(
    "change",
    [
        lambda call: {"body": call["body"].replace("MessageStatus=delivered", "MessageStatus=failed")},
        lambda call: {"body": call["body"] + "&ErrorCode=30005"},
        lambda call: {"url": call["url"] + "?bodySHA256=" + "0" * 64},
        lambda call: {"url": call["url"].replace("/status/", "/status/x")},
    ],
    ids=["other words", "more words", "a hash of its own", "another address"],
)
def test_a_signature_is_good_for_its_form_and_address_alone(sent, local_twilio, platform_client, change):
    call = local_twilio.news()[-1]

    assert deliver(platform_client, call, **change(call)).status_code == 403
    assert state(sent) == ("sent", "")


def test_whose_message_it_is_stands_in_the_address(sent, salon, other_salon, local_twilio, platform_client):
    """Two salons may use one id: news of one is not the other's, whatever the form says."""
    with tenant_context(other_salon):
        theirs = Message.objects.create(
            pk=sent.pk, dedupe_key="x", kind="reminder", channel="sms", recipient=ANN, due_at=NOW, status="sent"
        )
    for call in local_twilio.news():
        deliver(platform_client, call)

    assert state(sent)[1] == "delivered"
    with tenant_context(other_salon):
        theirs.refresh_from_db()
        assert theirs.delivery == ""


def test_an_address_we_did_not_sign_is_nobodys(sent, local_twilio, platform_client):
    url = callbacks.status_url(sent)
    token = url.rsplit("/", 2)[1]
    made_up = url.replace(token, f"{token[:-3]}abc")
    call = local_twilio.control("/inbound", **{"from": ANN}, body="x", url=made_up, hold=True)

    assert deliver(platform_client, call).status_code == 404
    assert state(sent) == ("sent", "")


def test_news_of_an_attempt_before_is_nothing_to_this_one(sent, local_twilio, platform_client):
    [_, call] = local_twilio.news()
    Message.objects.update(provider_id="SM" + "9" * 32)

    assert deliver(platform_client, call).status_code == 204
    assert state(sent) == ("sent", "")


def test_forgeries_are_counted(sent, local_twilio, platform_client, settings):
    settings.LIMIT_LOOPBACK = True
    call = local_twilio.news()[-1]
    bad = call["headers"] | {"X-Twilio-Signature": "x"}

    answers = [deliver(platform_client, call, headers=bad).status_code for _ in range(31)]

    assert answers == [403] * 30 + [429]
    assert deliver(platform_client, call).status_code == 204, "Twilio’s own are not counted"


# STOP, START, HELP ------------------------------------------------------------------------------

INBOUND = "http://localhost:8000/texts/inbound/"


def write(local_twilio, platform_client, body, number=ANN, **more):
    call = local_twilio.control("/inbound", **{"from": number}, body=body, url=INBOUND, hold=True, more=more)
    answer = deliver(platform_client, call)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/xml")
    return answer.content.decode()


def suppressed(business):
    with tenant_context(business):
        return list(Suppression.objects.values_list("address", "cause"))


@pytest.mark.parametrize("word", ["STOP", "stop", " Stop. ", "UNSUBSCRIBE", "revoke"])
def test_stop_is_minded_by_every_salon_that_wrote(sent, salon, other_salon, local_twilio, platform_client, word):
    with tenant_context(other_salon):
        queue()
        services.send_due(now=NOW)

    answer = write(local_twilio, platform_client, word)

    assert "<Message>" not in answer, "nothing gets through to who said STOP"
    assert suppressed(salon) == suppressed(other_salon) == [(ANN, "stopped")]
    with tenant_context(salon):
        again = queue(version=1)
        assert services.send_due(now=NOW) == 0
        assert state(again)[0] == "skipped"


def test_who_never_wrote_is_not_told(sent, other_salon, local_twilio, platform_client):
    write(local_twilio, platform_client, "STOP")
    write(local_twilio, platform_client, "STOP")

    assert suppressed(other_salon) == []
    assert Suppression.objects.count() == 1


def test_start_takes_stop_back_and_nothing_else(sent, salon, local_twilio, platform_client):
    write(local_twilio, platform_client, "STOP")
    assert "STOP to end" in write(local_twilio, platform_client, "START")
    assert suppressed(salon) == []

    with tenant_context(salon):
        services.suppress(channel=Channel.SMS, address=ANN, scope="all", cause="staff", now=NOW)
    write(local_twilio, platform_client, "START")
    assert suppressed(salon) == [(ANN, "staff")]


def test_help_is_answered_and_other_words_a_few_times(sent, salon, local_twilio, platform_client):
    assert "Your salon’s phone number" in write(local_twilio, platform_client, "HELP")

    answers = [write(local_twilio, platform_client, "Can I come later?") for _ in range(6)]

    assert ["Nobody reads answers" in answer for answer in answers] == [True] * 4 + [False] * 2
    assert suppressed(salon) == []


def test_what_twilio_has_answered_itself_is_not_answered_again(sent, salon, local_twilio, platform_client):
    answer = write(local_twilio, platform_client, "basta", OptOutType="STOP")

    assert "<Message>" not in answer
    assert suppressed(salon) == [(ANN, "stopped")]
    assert "<Message>" not in write(local_twilio, platform_client, "ja", OptOutType="START")
    assert suppressed(salon) == []


def test_a_forged_stop_stops_nothing(sent, salon, local_twilio, platform_client):
    call = local_twilio.control("/inbound", **{"from": ANN}, body="STOP", url=INBOUND, hold=True)

    assert deliver(platform_client, call, body=call["body"].replace("0101", "0102")).status_code == 403
    assert suppressed(salon) == []


def test_numbers_are_kept_as_digests_and_forgotten(sent, salon, other_salon):
    with tenant_context(other_salon):
        queue()
    [row] = TextedNumber.objects.all()

    assert (row.schema_name, ANN[1:] in row.digest) == (salon.schema_name, False)
    services.forget(about=[], recipients={ANN})
    assert TextedNumber.objects.count() == 0


# Which occasions leave as a text ----------------------------------------------------------------


def template(**changes):
    fields = {"name": "x", "channel": "sms", "trigger": "booking_confirmed", "body": WORDS}
    return NotificationTemplate.objects.create(**fields | changes)


def values():
    return {"business_name": "Rosa", "booking_date": "Monday"}


def queue_text(**changes):
    return services.queue_text(
        **{"trigger": "booking_confirmed", "recipient": ANN, "values": values, "now": NOW, "about_id": ABOUT} | changes
    )


def test_an_occasion_that_is_switched_on_leaves_as_a_text(salon, other_salon, local_twilio):
    template()

    message = queue_text()

    assert (message.channel, message.kind, message.text) == ("sms", "booking_confirmed", "Rosa: see you on Monday")
    assert queue_text() is None, "once"
    assert queue_text(version=1).text == message.text
    with tenant_context(other_salon):
        assert queue_text() is None


@pytest.mark.parametrize(
    "changes",
    [{"recipient": "+33145678901"}, {"recipient": ""}, {"trigger": "follow_up"}, {"values": dict}],
    ids=["landline", "no number", "not switched on", "words that cannot be filled in"],
)
def test_no_text_without_number_or_words(salon, local_twilio, changes):
    template()

    assert queue_text(**changes) is None
    assert Message.objects.count() == 0


def test_no_text_where_it_is_switched_off(salon, local_twilio):
    template(is_active=False)

    assert queue_text() is None


def test_no_text_where_the_installation_sends_none(salon):
    template()

    assert queue_text() is None


def test_very_long_words_end_where_twilio_does(salon, local_twilio, meter):
    template(body="{{business_name}}")

    message = queue_text(values=lambda: {"business_name": "a" * 5000})

    assert (len(message.text), message.segments) == (1600, 11)
    with schema_context(salon.schema_name):
        assert services.send_due(now=NOW) == 1
