"""Notices as e-mails: one at once, or a morning's together, whose words are written when it leaves."""

from django.template.loader import render_to_string
from django.urls import reverse

from messaging.composing import Composed, NotAnyMore
from messaging.models import Notice
from messaging.notices import queries
from messaging.notices.events import EVENTS, IN_THE_MORNING
from tenants import policies

PAGES = {
    "visit": "dashboard:visit",
    "message": "dashboard:message",
    "review": "dashboard:review",
    "membership": "dashboard:membership",
    "sale": "admin:payments_giftcardorder_change",
}
#: Lines of one e-mail; the rest is counted.
MOST = 100
GONE = "Whoever this was for is not in the team any more."
NOTHING = "There was nothing to tell."


def path_of(event, about_id):
    """The page of the salon's team that shows what it is about."""
    return reverse(PAGES[event.about], args=[about_id], urlconf="config.urls_salon")


def notice_text(*, business, event, about_id, words):
    context = _around(business) | {"event": event, "words": words, "url": business.url + path_of(event, about_id)}
    return render_to_string("messaging/mail/staff_notice.txt", context)


def write_digest(message, now):
    """What happened since the last one, of what the person still may see and wants to be told so."""
    member = next((each for each in queries.team() if each.user_id == message.about_id), None)
    if member is None:
        raise NotAnyMore(GONE)
    wishes, events = queries.wishes(), {event.value for event in queries.events_for(member)}
    lines = [
        notice
        for notice in Notice.objects.filter(digest_id=message.pk).exclude(words="").order_by("at", "pk")
        if notice.event in events
        and policies.may(member, notice.permission)
        and wishes.how(member.user_id, EVENTS[notice.event]).mail == IN_THE_MORNING
    ]
    if not lines:
        raise NotAnyMore(NOTHING)
    business = member.business
    count = f"{len(lines)} thing{'' if len(lines) == 1 else 's'}"
    context = _around(business) | {
        "lines": [(_when(notice.at.astimezone(business.zone)), notice.words) for notice in lines[:MOST]],
        "more": max(len(lines) - MOST, 0),
        "notices_url": business.url + reverse("dashboard:notices", urlconf="config.urls_salon"),
    }
    return Composed(
        subject=f"{business.name}: {count} that happened",
        text=render_to_string("messaging/mail/staff_digest.txt", context),
    )


def _when(local):
    """`Tue 4 Nov, 10:30`"""
    return f"{local:%a} {local.day} {local:%b}, {local:%H:%M}"


def _around(business):
    settings_url = business.url + reverse("dashboard:notice-settings", urlconf="config.urls_salon")
    return {"business": business, "settings_url": settings_url}
