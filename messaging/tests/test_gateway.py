"""The official SDK against the local Twilio: what leaves, what is refused, and what nobody knows."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from messaging import gateway

ANN = "+12125550101"
URL = "http://localhost:8000/texts/status/x/"


def send(to=ANN, body="Hello"):
    return gateway.send(to=to, body=body, status_url=URL)


def test_a_text_is_taken(local_twilio):
    sid = send()

    [taken] = local_twilio.look("/messages")
    assert (taken["sid"], taken["to"], taken["from"], taken["body"]) == (sid, ANN, "+15005550006", "Hello")


def test_a_messaging_service_replaces_the_number(local_twilio, settings):
    settings.TWILIO_FROM, settings.TWILIO_MESSAGING_SERVICE_SID = "", "MG" + "0" * 32

    send()

    [taken] = local_twilio.look("/messages")
    assert (taken["from"], taken["messaging_service_sid"]) == (None, "MG" + "0" * 32)


@pytest.mark.parametrize(
    ("number", "sentence", "cause"),
    [
        ("+15005550001", "This is no phone number.", "bounced"),
        ("+15005550002", "Text messages cannot be sent to this number from ours.", ""),
        ("+15005550003", "Text messages to this country are not switched on.", ""),
        ("+15005550004", "STOP was answered from this number.", "stopped"),
        ("+15005550009", "This is not a mobile number.", "bounced"),
        ("nonsense", "This is no phone number.", "bounced"),
    ],
)
def test_a_number_that_gets_no_texts_is_refused_for_good(local_twilio, number, sentence, cause):
    with pytest.raises(gateway.Refused) as refused:
        send(to=number)

    assert (str(refused.value), refused.value.cause) == (sentence, cause)
    assert local_twilio.taken() == []


def test_words_that_are_too_long_are_refused_for_good(local_twilio):
    with pytest.raises(gateway.Refused, match="21617"):
        send(body="a" * 1601)


@pytest.mark.parametrize("kind", ["429", "500", "lost_answer"])
def test_an_answer_that_settles_nothing_is_for_later(local_twilio, kind):
    local_twilio.fault(kind)

    with pytest.raises(gateway.Unavailable):
        send()
    assert issubclass(gateway.Unavailable, OSError), "as the outbox knows what to try again"


def test_a_wrong_key_of_ours_is_for_later(local_twilio, settings):
    settings.TWILIO_AUTH_TOKEN = "changed"
    gateway.client.cache_clear()

    with pytest.raises(gateway.Unavailable, match="401"):
        send()


def test_nobody_at_home_is_for_later(no_twilio):
    with pytest.raises(gateway.Unavailable, match="did not answer"):
        send()


def test_twilio_is_asked_what_it_took(local_twilio):
    since = datetime.now(UTC)
    first = send()
    send(to="+12125550102")
    send(body="Other words")

    assert gateway.find(to=ANN, bodies={"Hello"}, since=since) == [first]
    assert gateway.find(to=ANN, bodies={"Hello"}, since=since + timedelta(minutes=1)) == []


@pytest.mark.django_db(transaction=True)
def test_nothing_leaves_while_it_can_be_rolled_back(local_twilio):
    with transaction.atomic(), pytest.raises(gateway.CallInsideTransaction):
        send()

    assert local_twilio.taken() == []


@pytest.mark.parametrize("missing", ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM"])
def test_texts_are_off_unless_all_is_set(local_twilio, settings, missing):
    assert gateway.is_on()

    setattr(settings, missing, "")

    assert not gateway.is_on()


def test_a_reply_is_twilios_markup():
    empty, said = gateway.reply(), gateway.reply("Call <us> & see")

    assert empty == '<?xml version="1.0" encoding="UTF-8"?><Response />'
    assert said == (
        '<?xml version="1.0" encoding="UTF-8"?><Response><Message>Call &lt;us&gt; &amp; see</Message></Response>'
    )
