"""What was told is forgotten: with whom it was about, and after a while."""

from datetime import timedelta

from django.db import transaction

from messaging.models import Message, Notice
from messaging.notices.events import DIGEST

#: So long notices are kept.
KEPT = timedelta(days=90)


def forget_about(ids):
    """Empty what was told about these visits and messages, and the mornings' e-mails it stood in."""
    found = Notice.objects.filter(about_id__in=ids)
    _empty_digests(found)
    found.update(words="")


@transaction.atomic
def forget_old(*, now):
    """Notices of long ago go, with the words of the e-mails they stood in; returns how many."""
    old = Notice.objects.filter(at__lt=now - KEPT)
    _empty_digests(old)
    return old.delete()[0]


def _empty_digests(notices):
    digests = list(notices.exclude(digest_id=None).values_list("digest_id", flat=True).distinct())
    Message.objects.filter(pk__in=digests, kind=DIGEST).update(text="", html="")
