"""Messages in words: what was sent, what will be and when, what was not and why."""

from dataclasses import dataclass

from django.urls import reverse

from bookings import words
from messaging import services, wording
from messaging.models import WAITING, Channel, MessageStatus
from tenants import policies
from tenants.permissions import Permission


@dataclass(frozen=True, slots=True)
class Line:
    url: str
    about: str
    kind: str
    channel: str
    to: str
    when: str
    state: str
    badge: str
    notes: list
    again_url: str


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    lines: list


def line_of(message, *, membership, zone, now):
    state, badge = wording.state_of(message, now=now)
    kind = wording.called(message.kind)
    about = message.subject or kind
    return Line(
        url=reverse("dashboard:message", args=[message.pk]),
        about=about,
        kind="" if about == kind else kind,
        channel=Channel(message.channel).label,
        to=message.recipient or "nobody any more",
        when=when(message, zone),
        state=state,
        badge=badge,
        notes=wording.notes_of(message, most_attempts=services.MAX_ATTEMPTS),
        again_url=again_url(message, membership),
    )


def when(message, zone):
    """`Sent Tue 4 Nov 14:00`, or when it will be, or would have been."""
    if message.sent_at:
        return f"Sent {words.when(message.sent_at.astimezone(zone))}"
    lead = "Leaves" if message.status in WAITING else "Was due"
    return f"{lead} {words.when(message.due_at.astimezone(zone))}"


def again_url(message, membership):
    """The page that sends it again; "" where it cannot be, or not by this person."""
    if policies.may(membership, Permission.WORK_DIARY) and services.is_resendable(message):
        return reverse("dashboard:message-again", args=[message.pk])
    return ""


def groups_of(messages, *, membership, zone, now):
    """[Group] of what will be sent (the next one first), was sent, and was not."""
    waiting = sorted((each for each in messages if each.status in WAITING), key=lambda each: each.due_at)
    sent = [each for each in messages if each.status == MessageStatus.SENT]
    kept = [each for each in messages if each.status not in (*WAITING, MessageStatus.SENT)]
    found = (("Will be sent", waiting), ("Sent", sent), ("Not sent", kept))
    return [
        Group(title, [line_of(each, membership=membership, zone=zone, now=now) for each in rows])
        for title, rows in found
        if rows
    ]
