"""One entry of the trail, ready to print."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from audit.wording import changes_of, words

#: model → what people call one
KINDS = {
    "bookings.booking": "Visit",
    "bookings.teammember": "Team member",
    "bookings.timeblock": "Blocked time",
    "tenants.business": "The salon",
    "tenants.membership": "Access",
    "messaging.notificationtemplate": "Words of a message",
    "api_tokens.apitoken": "API token",
    "webhooks.webhookendpoint": "Webhook",
    "giftcards.giftcard": "Gift card",
    "giftcards.package": "Package",
}


@dataclass(frozen=True, slots=True)
class Line:
    entry: object
    act: str
    who: str
    changes: list
    url: str

    @property
    def few(self):
        """What of the changes a list has room for."""
        return self.changes[:3]

    @property
    def more(self):
        return len(self.changes) - len(self.few)


def line_of(entry):
    return Line(
        entry=entry,
        act=words(entry.action),
        who=entry.actor_label or "Tithi",
        changes=changes_of(entry),
        url=reverse("dashboard:trail-entry", args=[entry.pk]),
    )


def kind_of(entry):
    """What the entry is about, as people call such a thing."""
    return KINDS.get(entry.subject_type) or entry.subject_type.partition(".")[2].replace("_", " ").capitalize()


def trail_url(**narrowed):
    query = urlencode({name: value for name, value in narrowed.items() if value})
    return f"{reverse('dashboard:trail')}{'?' if query else ''}{query}"
