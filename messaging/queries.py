"""Reads of the salon's own words."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from messaging import defaults, gateway
from messaging.models import WAITING, Channel, Delivery, Message, MessageStatus, NotificationTemplate, Suppression
from messaging.triggers import RULED, TEXTED, TRIGGERS, Trigger
from tenants import languages
from tenants.models import Business

#: Kinds that speak of visits alone, beside those that begin with `booking_`.
ABOUT_VISITS = ("salon_new_booking", "reminder", "follow_up")


@dataclass(frozen=True, slots=True)
class Occasion:
    """One trigger by one channel: `template` is the salon's text, None where the product's goes out."""

    trigger: Trigger
    channel: str
    template: NotificationTemplate | None
    language: str = languages.DEFAULT

    @property
    def channel_label(self):
        return Channel(self.channel).label

    @property
    def leaves(self):
        """Whether anything is sent about it by this channel."""
        return self.channel != Channel.SMS or self.trigger.texted

    @property
    def is_ruled(self):
        """A text message of which the salon's rules say whether it leaves."""
        return self.channel == Channel.SMS and self.trigger.value in RULED

    @property
    def is_own(self):
        return self.template is not None and self.template.is_active

    @property
    def fields(self):
        """The words as a form starts with them: the salon's, or those the product suggests."""
        if self.template is not None:
            return {name: getattr(self.template, name) for name in ("name", "subject", "body", "is_active")}
        return self.standard._asdict() | {"is_active": True}

    @property
    def standard(self):
        """The words the product suggests."""
        return defaults.default_for(trigger=self.trigger.value, channel=self.channel, language=self.language)

    @property
    def language_name(self):
        return languages.NAMES[self.language]


def templates():
    """All of the salon's texts."""
    return NotificationTemplate.objects.all()


def salons_language():
    """The language of the current salon; no query in a request, which knows its salon."""
    salon = connection.tenant
    if isinstance(salon, Business):
        return salon.language
    found = Business.objects.filter(schema_name=connection.schema_name).values_list("language", flat=True)
    return found.first() or languages.DEFAULT


def active_template(*, trigger, channel=Channel.EMAIL, wanted=None):
    """The salon's text in use in the first language of `wanted` that it has one in (its own language where nothing is
    said), None where it has none.
    """
    wanted = list(wanted or [salons_language()])
    found = NotificationTemplate.objects.filter(trigger=trigger, channel=channel, is_active=True, language__in=wanted)
    return min(found, key=lambda template: wanted.index(template.language), default=None)


def template_for(*, trigger, channel, language=""):
    """The salon's text for an occasion, used or not: the active one, else the newest; None where it has none.

    In its own language where nothing is said.
    """
    language = language or salons_language()
    found = NotificationTemplate.objects.filter(trigger=trigger, channel=channel, language=language)
    return found.order_by("-is_active", "-created_at").first()


def texts_offered(**about):
    """Whether customers of this salon can be sent text messages (about a `trigger`): it has one in use, and the platform
    sends them.
    """
    own = NotificationTemplate.objects.filter(channel=Channel.SMS, is_active=True, trigger__in=TEXTED - RULED)
    return gateway.is_on() and own.filter(**about).exists()


def occasions(*, language=""):
    """Every trigger by every channel it leaves by, with the salon's text where it has one in this language (its own where
    nothing is said). One query.

    Of several texts the active one is shown, else the newest. One that was written and never leaves is there, too.
    """
    language = language or salons_language()
    found = {}
    for template in NotificationTemplate.objects.filter(language=language).order_by("is_active", "created_at"):
        found[template.trigger, template.channel] = template
    every = [
        Occasion(trigger, channel, found.get((value, channel)), language)
        for value, trigger in TRIGGERS.items()
        for channel in Channel.values
    ]
    return [each for each in every if each.leaves or each.template]


def occasion(*, trigger, channel, language=""):
    """One of `occasions`. Raises KeyError for a trigger or a channel there is not."""
    return {(each.trigger.value, each.channel): each for each in occasions(language=language)}[trigger, channel]


def languages_written():
    """The languages the salon has texts in use in."""
    return set(NotificationTemplate.objects.filter(is_active=True).values_list("language", flat=True).order_by())


def about_visits(messages):
    """Those that speak of visits alone: all others tell of money, or carry it, like a gift card's code."""
    return messages.filter(Q(kind__startswith="booking_") | Q(kind__in=ABOUT_VISITS))


def is_about_visits(kind):
    """Whether messages of this kind are among those."""
    return kind.startswith("booking_") or kind in ABOUT_VISITS


def queued(*, about_ids, kind):
    """Messages of a kind about these ids that have not begun to leave, without their words."""
    found = Message.objects.filter(about_id__in=about_ids, kind=kind, status=MessageStatus.QUEUED)
    return found.defer("text", "html", "attachments")


def of_kind(*, about_ids, kind, channel, recipient):
    """Messages of a kind about these ids to one reader, without their words, whatever has become of them."""
    found = Message.objects.filter(about_id__in=about_ids, kind=kind, channel=channel, recipient=recipient)
    return found.defer("text", "html", "attachments")


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


def visible(messages, *, with_money):
    """Those that somebody may read of, without their words: these carry links that open visits."""
    messages = messages.defer("text", "html", "attachments")
    return messages if with_money else about_visits(messages)


def in_state(messages, state):
    """Those that are `waiting`, `sent`, `failed` or `left_out`; any other word narrows nothing."""
    match state:
        case "waiting":
            return messages.filter(status__in=WAITING)
        case "sent":
            return messages.filter(status=MessageStatus.SENT)
        case "failed":
            came_back = [Delivery.BOUNCED, Delivery.COMPLAINED, Delivery.FAILED]
            given_up = [MessageStatus.DEAD, MessageStatus.UNCONFIRMED]
            return messages.filter(Q(status__in=given_up) | Q(status=MessageStatus.SENT, delivery__in=came_back))
        case "left_out":
            return messages.filter(status__in=[MessageStatus.WITHDRAWN, MessageStatus.SKIPPED])
    return messages


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
