"""Writes of notices, in the transaction of what they tell of."""

from django.db import connection, transaction

from messaging import signals
from messaging.models import Notice, NoticeSettings
from messaging.notices import mails, queries
from messaging.notices.digests import next_digest
from messaging.notices.events import AT_ONCE, DIGEST, EVENTS, IN_THE_MORNING, NOTICE
from messaging.services import outbox
from tenants import policies

#: The person's own digest that has not begun to leave: whoever takes it in hand waits until what is told is committed.
OPEN_DIGEST = """
SELECT id FROM messaging_message
 WHERE about_id = %s AND kind = %s AND status = 'queued' ORDER BY due_at LIMIT 1 FOR SHARE"""
LEFT = "Whoever this was for is not in the team any more."


def tell(*, event, about_id, words, now, version="", by=None, whose=None, permission=None):
    """Tell the team of the current salon that something happened, each as they want it, and nobody twice.

    Those it concerns by `Event.permission` (and by `permission`), but for the user whose id is `by`. `whose()` answers
    the users whose own it is, for those who are told of their own only. Within the caller's transaction.
    """
    event = EVENTS[event]
    needed = [event.permission, *([permission] if permission else [])]
    team = [each for each in queries.team() if each.user_id != by and all(policies.may(each, one) for one in needed)]
    wishes = queries.wishes() if team else None
    told = _who_want_it(team, wishes, event, whose)
    if not told:
        return
    notices = [
        Notice(
            reader_id=each.user_id,
            event=event.value,
            permission=permission or event.permission,
            about_id=about_id,
            version=str(version),
            words=words[:200],
            at=now,
            is_shown=how.shown,
            digest_id=_digest_of(each, wishes.digest_at, now) if how.mail == IN_THE_MORNING else None,
        )
        for each, how in told
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    for each, how in told:
        if how.mail == AT_ONCE:
            _mail(each, event, about_id, words, version, now)
    signals.noticed.send(sender=Notice, event=event.value, about_id=about_id, at=now)


def _who_want_it(team, wishes, event, whose):
    """[(Membership, How)] of those who are told, in one order for everybody who tells at the same time."""
    own, found = None, []
    for each in sorted(team, key=lambda member: member.user_id):
        how = wishes.how(each.user_id, event)
        if not how.tells:
            continue
        if whose and wishes.only_mine(each.user_id):
            own = set(whose()) if own is None else own
            if each.user_id not in own:
                continue
        found.append((each, how))
    return found


def _mail(membership, event, about_id, words, version, now):
    outbox.queue(
        kind=NOTICE,
        about_id=about_id,
        part=f"{event.value}-{version}",
        recipient=membership.user.email,
        subject=words,
        text=mails.notice_text(business=membership.business, event=event, about_id=about_id, words=words),
        now=now,
    )


def _digest_of(membership, at, now):
    """The id of the person's next morning's e-mail, planned where there is none, that will still see this notice."""
    zone, after = membership.business.zone, now
    while (digest_id := _open_digest(membership.user_id)) is None:
        after = next_digest(now=after, at=at, zone=zone)
        outbox.queue(
            kind=DIGEST,
            about_id=membership.user_id,
            part=after.astimezone(zone).date().isoformat(),
            recipient=membership.user.email,
            send_at=after,
            now=now,
        )
    return digest_id


def _open_digest(reader_id):
    with connection.cursor() as cursor:
        cursor.execute(OPEN_DIGEST, [reader_id, DIGEST])
        found = cursor.fetchone()
    return found and found[0]


# Reading -------------------------------------------------------------------------------------------


def mark_read(*, membership, now, notice_id=None):
    """The person has read one notice of theirs, or all of them; returns how many were not read before."""
    found = queries.notices_of(membership).filter(read_at=None)
    if notice_id:
        found = found.filter(pk=notice_id)
    return found.update(read_at=now)


def mark_unread(*, membership, notice_id):
    return queries.notices_of(membership).filter(pk=notice_id).update(read_at=None)


# Forgetting ----------------------------------------------------------------------------------------


@transaction.atomic
def forget_person(*, reader_id, now):
    """Somebody has left the current salon's team: what they were told and what they wished goes."""
    outbox.withdraw(about_id=reader_id, kinds=[DIGEST], reason=LEFT, now=now)
    Notice.objects.filter(reader_id=reader_id).delete()
    NoticeSettings.objects.filter(reader_id=reader_id).delete()
