"""What Twilio tells us: forms, signed as it signs them, posted to our addresses."""

import base64
import hmac
import http.client
import threading
import time
from urllib.parse import urlencode, urlsplit

from .world import API_VERSION

TIMEOUT = 10
PAUSES = (0.2, 1, 5)


def signature(token, url, form):
    """The `X-Twilio-Signature` of a form posted to an address: HMAC-SHA1 over it and the sorted fields."""
    told = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    return base64.b64encode(hmac.digest(token.encode(), told.encode(), "sha1")).decode()


def status_call(world, message, status, code):
    """One piece of news of a message, ready to be posted; writes down what it tells."""
    message["status"], message["error_code"] = status, code
    form = {
        "AccountSid": world.account,
        "ApiVersion": API_VERSION,
        "From": message["from"] or "+15005550006",
        "MessageSid": message["sid"],
        "MessageStatus": status,
        "SmsSid": message["sid"],
        "SmsStatus": status,
        "To": message["to"],
    }
    if message["messaging_service_sid"]:
        form["MessagingServiceSid"] = message["messaging_service_sid"]
    if code:
        form["ErrorCode"] = str(code)
    return _call(world, message["_callback"], form)


def inbound_call(world, url, number, body, **more):
    """A text somebody has written to our number."""
    sid = f"SM{time.time_ns():032x}"
    form = {
        "AccountSid": world.account,
        "ApiVersion": API_VERSION,
        "Body": body,
        "From": number,
        "MessageSid": sid,
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsMessageSid": sid,
        "SmsSid": sid,
        "SmsStatus": "received",
        "To": "+15005550006",
        **more,
    }
    return _call(world, url, form)


def tell(call):
    """Post it, again after a while where nobody takes it; in a thread of its own."""
    threading.Thread(target=_keep_telling, args=(call,), daemon=True).start()


def post(call):
    """(status, body) of the answer; (0, "") where there was none."""
    parts = urlsplit(call["url"])
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=TIMEOUT)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, call["body"].encode(), call["headers"])
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


def _keep_telling(call):
    for pause in PAUSES:
        time.sleep(pause)
        if 200 <= post(call)[0] < 500:
            return


def _call(world, url, form):
    return {
        "url": url,
        "body": urlencode(form),
        "headers": {
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            "User-Agent": "TwilioProxy/1.1",
            "X-Twilio-Signature": signature(world.token, url, form),
        },
    }
