"""The only module that imports Twilio's SDK: texts going out, and whether a call from outside is Twilio's own."""

from functools import cache

import requests
from django.conf import settings
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse

from messaging.models import Suppression
from tenants.atomicity import inside_transaction

TIMEOUT_SECONDS = 10
#: How many of a number's latest messages are looked at for one that may have left.
LOOKED_AT = 20
#: Twilio's codes for numbers that get no text: why, for staff, and what is remembered of the number ("" for nothing).
NUMBERS = {
    21211: ("This is no phone number.", Suppression.Cause.BOUNCED),
    21214: ("This number cannot be reached.", Suppression.Cause.BOUNCED),
    21217: ("This is no phone number.", Suppression.Cause.BOUNCED),
    21408: ("Text messages to this country are not switched on.", ""),
    21610: ("STOP was answered from this number.", Suppression.Cause.STOPPED),
    21612: ("Text messages cannot be sent to this number from ours.", ""),
    21614: ("This is not a mobile number.", Suppression.Cause.BOUNCED),
    21635: ("This is a landline.", Suppression.Cause.BOUNCED),
}
#: The same, told after it had left.
LATER = {
    30003: ("The phone was off or out of reach for too long.", ""),
    30004: ("The phone or its network refuses text messages from us.", ""),
    30005: ("This number does not exist.", Suppression.Cause.BOUNCED),
    30006: ("This is a landline, or its network takes no text messages.", Suppression.Cause.BOUNCED),
    30007: ("The network took the message for unwanted and dropped it.", ""),
}
#: What is wrong with our own account: whoever runs the platform mends it, and then the message leaves.
OURS = frozenset({20003, 21212, 21603, 21606, 21659, 21660, 21701, 21703, 21704, 21705})


class Refused(Exception):
    """This text never leaves; the sentence says why, `cause` (of a Suppression) what to remember of the number."""

    def __init__(self, sentence, cause=""):
        super().__init__(sentence)
        self.cause = cause


class Unavailable(OSError):
    """No trustworthy answer, or none for now: the text may or may not have left. `find` tells."""


class CallInsideTransaction(RuntimeError):
    """A defect: a text must not leave while what it says can still be rolled back."""


def is_on():
    """Whether this installation sends text messages at all."""
    sender = settings.TWILIO_FROM or settings.TWILIO_MESSAGING_SERVICE_SID
    return bool(settings.TWILIO_ACCOUNT_SID and settings.TWILIO_AUTH_TOKEN and sender)


@cache
def client():
    """The SDK's client for our settings."""
    made = Client(
        settings.TWILIO_ACCOUNT_SID,
        settings.TWILIO_AUTH_TOKEN,
        http_client=TwilioHttpClient(timeout=TIMEOUT_SECONDS),
    )
    made.api.base_url = settings.TWILIO_API_BASE
    return made


def send(*, to, body, status_url):
    """Hand a text to Twilio; returns its sid. Raises Refused or Unavailable."""
    sender = {"from_": settings.TWILIO_FROM}
    if settings.TWILIO_MESSAGING_SERVICE_SID:
        sender = {"messaging_service_sid": settings.TWILIO_MESSAGING_SERVICE_SID}
    return _call(lambda twilio: twilio.messages.create(to=to, body=body, status_callback=status_url, **sender)).sid


def find(*, to, bodies, since):
    """The sids of what Twilio has taken to this number in any of these words since then, newest first. Raises Unavailable.

    Twilio keeps no idempotency keys: whoever lost an answer asks.
    """
    latest = _call(lambda twilio: twilio.messages.list(to=to, limit=LOOKED_AT))
    return [each.sid for each in latest if each.body in bodies and each.date_created >= since.replace(microsecond=0)]


def is_signed(*, url, form, signature):
    """Whether Twilio itself sent this form to exactly this address."""
    token = settings.TWILIO_AUTH_TOKEN
    return bool(token) and RequestValidator(token).validate(url, form, signature)


def reply(text=""):
    """What Twilio is answered when somebody has written to us: one text back, or none."""
    response = MessagingResponse()
    if text:
        response.message(text)
    return str(response)


def told_later(code):
    """(why a text did not arrive, what to remember of the number) for the code of a status."""
    return (LATER | NUMBERS).get(code, (f"The network did not deliver it (Twilio’s code {code}).", ""))


def _call(act):
    if inside_transaction():
        raise CallInsideTransaction
    try:
        return act(client())
    except TwilioRestException as exc:
        raise _error(exc) from exc
    except (requests.RequestException, TwilioException) as exc:
        raise Unavailable(f"Twilio did not answer: {type(exc).__name__}") from exc


def _error(exc):
    if exc.code in NUMBERS:
        return Refused(*NUMBERS[exc.code])
    if exc.status == 400 and exc.code not in OURS:
        return Refused(f"Twilio refused it ({exc.code}): {exc.msg}")
    return Unavailable(f"Twilio answered {exc.status} ({exc.code}).")
