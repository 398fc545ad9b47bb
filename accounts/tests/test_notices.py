"""Who leaves a team is told nothing of it any more."""

from uuid import uuid4

from django.utils import timezone

from accounts.services import members
from audit.actors import SYSTEM
from messaging.models import Message, MessageStatus, Notice, NoticeSettings
from messaging.notices import settings
from messaging.notices.events import IN_THE_MORNING, How
from messaging.notices.services import tell
from tenants.models import Membership


def test_who_leaves_the_team_leaves_nothing_behind(salon, owner, admin, staff):
    now, rules = timezone.now(), {"visit_booked": How(True, IN_THE_MORNING)}
    for person in (admin, staff):
        settings.change(reader_id=person.pk, rules=rules, by=SYSTEM, now=now)
    tell(event="visit_booked", about_id=uuid4(), words="Anna Berg has booked Cut.", now=now)
    membership = Membership.objects.get(user=staff, business=salon)

    members.remove_member(business=salon, membership_id=membership.pk, by=owner, address="192.0.2.1", now=now)

    assert set(Notice.objects.values_list("reader_id", flat=True)) == {owner.pk, admin.pk}
    assert list(NoticeSettings.objects.values_list("reader_id", flat=True)) == [admin.pk]
    found = dict(Message.objects.filter(kind="staff_digest").values_list("about_id", "status"))
    assert found == {staff.pk: MessageStatus.WITHDRAWN, admin.pk: MessageStatus.QUEUED}
