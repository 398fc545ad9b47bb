"""The messages, who wants none, and what is to go wrong; one lock around all of it."""

import json
import secrets
import threading
import time
from email.utils import formatdate

from .numbers import LOST

API_VERSION = "2010-04-01"


class World:
    def __init__(self, *, account, token, inbound="", keep=None):
        self.account, self.token, self.inbound, self.keep = account, token, inbound, keep
        self.lock = threading.Lock()
        self.reset()

    def reset(self):
        """Nothing was sent, nobody said STOP, all goes well."""
        self.messages, self.callbacks, self.stopped, self.faults = {}, [], set(), []
        self.holds_callbacks = False

    def add(self, form):
        """A message as the API shows it. The status callback's address stays ours."""
        body, service = form["Body"], form.get("MessagingServiceSid")
        sid, now = f"SM{secrets.token_hex(16)}", formatdate(usegmt=True)
        uri = f"/{API_VERSION}/Accounts/{self.account}/Messages/{sid}"
        message = {
            "account_sid": self.account,
            "api_version": API_VERSION,
            "body": body,
            "date_created": now.replace("GMT", "+0000"),
            "date_sent": None,
            "date_updated": now.replace("GMT", "+0000"),
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "from": form.get("From"),
            "messaging_service_sid": service,
            "num_media": "0",
            "num_segments": "0" if service else "1",
            "price": None,
            "price_unit": "USD",
            "sid": sid,
            "status": "accepted" if service else "queued",
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": form["To"],
            "uri": f"{uri}.json",
        }
        self.messages[sid] = message
        self._keep(message)
        return message

    def newest_first(self, to=None):
        return [each for each in reversed(self.messages.values()) if to in (None, each["to"])]

    def story_of(self, message):
        """(status, code) of what is told of a message after it was taken, in order."""
        end, code = LOST.get(message["to"], ("delivered", None))
        return [("sent", None), (end, code)] if end != "failed" else [(end, code)]

    def next_fault(self):
        """What goes wrong with the next message, or None."""
        return self.faults.pop(0) if self.faults else None

    def _keep(self, message):
        """A file beside the mails of the local environment, under a name that sorts by time."""
        if self.keep:
            self.keep.mkdir(parents=True, exist_ok=True)
            stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime()) + f"{time.time_ns() // 1000 % 1_000_000:06d}"
            kept = {name: message[name] for name in ("sid", "to", "from", "body")}
            (self.keep / f"{stamp}-{message['sid'][2:8]}.json").write_text(json.dumps(kept))
