"""Reads of the salon's own words."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from messaging import defaults, gateway
from messaging.models import Channel, Message, NotificationTemplate, Suppression
from messaging.triggers import TRIGGERS, Trigger


@dataclass(frozen=True, slots=True)
class Occasion:
    """One trigger by one channel: `template` is the salon's text, None where the product's goes out."""

    trigger: Trigger
    channel: str
    template: NotificationTemplate | None

    @property
    def channel_label(self):
        return Channel(self.channel).label

    @property
    def is_own(self):
        return self.template is not None and self.template.is_active

    @property
    def fields(self):
        """The words as a form starts with them: the salon's, or those the product suggests."""
        if self.template is not None:
            return {name: getattr(self.template, name) for name in ("name", "subject", "body", "is_active")}
        text = defaults.default_for(trigger=self.trigger.value, channel=self.channel)
        return text._asdict() | {"is_active": True}


def templates():
    """All of the salon's texts."""
    return NotificationTemplate.objects.all()


def active_template(*, trigger, channel=Channel.EMAIL):
    """The salon's text in use, None where it has none."""
    return NotificationTemplate.objects.filter(trigger=trigger, channel=channel, is_active=True).first()


def template_for(*, trigger, channel):
    """The salon's text for an occasion, used or not: the active one, else the newest; None where it has none."""
    found = NotificationTemplate.objects.filter(trigger=trigger, channel=channel)
    return found.order_by("-is_active", "-created_at").first()


def texts_offered():
    """Whether customers of this salon can be sent text messages: it has one switched on, and the platform sends them."""
    own = NotificationTemplate.objects.filter(channel=Channel.SMS, is_active=True)
    return gateway.is_on() and own.exists()


def occasions():
    """Every trigger by every channel, with the salon's text where it has one. One query.

    Of several texts the active one is shown, else the newest.
    """
    found = {}
    for template in NotificationTemplate.objects.order_by("is_active", "created_at"):
        found[template.trigger, template.channel] = template
    return [
        Occasion(trigger, channel, found.get((value, channel)))
        for value, trigger in TRIGGERS.items()
        for channel in Channel.values
    ]


def occasion(*, trigger, channel):
    """One of `occasions`. Raises KeyError for a trigger or a channel there is not."""
    return {(each.trigger.value, each.channel): each for each in occasions()}[trigger, channel]


def about_visits(messages):
    """Those that speak of visits alone: all others tell of money, or carry it, like a gift card's code."""
    return messages.filter(Q(kind__startswith="booking_") | Q(kind="salon_new_booking"))


def is_about_visits(kind):
    """Whether messages of this kind are among those."""
    return kind.startswith("booking_") or kind == "salon_new_booking"


def suppressions_of(addresses):
    """What these addresses get no more, and why; newest first."""
    return Suppression.objects.filter(address__in=[address.lower() for address in addresses if address])


def advertising_state(*, channel, address):
    """ "on", "unsubscribed", or "off" where something else keeps advertising from an address."""
    causes = set(suppressions_of([address]).filter(channel=channel).values_list("cause", flat=True))
    if causes - {Suppression.Cause.UNSUBSCRIBED}:
        return "off"
    return "unsubscribed" if causes else "on"


def messages_to(addresses):
    """What was sent to these addresses, newest first, without its words: they carry links that open visits."""
    to = Q(pk__in=[])
    for address in addresses:
        to |= Q(recipient__iexact=address)
    return Message.objects.filter(to).defer("text", "html", "attachments")


#: From one kind to the next along the index `message_kind`: as many steps as there are kinds, however many messages.
KINDS = """
WITH RECURSIVE found AS (
  (SELECT kind FROM messaging_message ORDER BY kind LIMIT 1)
  UNION ALL
  SELECT (SELECT kind FROM messaging_message WHERE kind > found.kind ORDER BY kind LIMIT 1)
    FROM found WHERE found.kind IS NOT NULL)
SELECT kind FROM found WHERE kind IS NOT NULL"""


def kinds():
    """The kinds of messages there are in the outbox, sorted. One query."""
    with connection.cursor() as cursor:
        cursor.execute(KINDS)
        return [kind for (kind,) in cursor.fetchall()]
