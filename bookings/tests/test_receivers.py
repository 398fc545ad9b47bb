"""Who accepts an invitation is the person of that address in the diary."""

from django.utils import timezone
from django_tenants.utils import tenant_context

from accounts import services as accounts
from accounts.tests.test_invitations import GUEST, HERE, invited
from audit.models import AuditEntry
from bookings.models import TeamMember
from bookings.tests.factories import make_member
from tenants.models import User
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC


def join(rosa, admin):
    guest = User.objects.create_user(GUEST, "correct horse battery")
    accounts.accept(token=invited(rosa, admin), user=guest, address=HERE, now=timezone.now())
    return guest


def person(name, **fields):
    member = make_member(name)
    TeamMember.objects.filter(pk=member.pk).update(**fields)
    return member


def login_of(member):
    return TeamMember.objects.get(pk=member.pk).user_id


def test_the_person_gets_their_login(salon, admin):
    ada, ben = person("Ada", email=GUEST.upper()), person("Ben", email="ben@example.com")

    guest = join(salon, admin)

    assert (login_of(ada), login_of(ben)) == (guest.pk, None)
    assert AuditEntry.objects.filter(subject_id=ada.pk, action="teammember.changed").exists()


def test_somebody_who_has_one_keeps_it(salon, admin, owner):
    ada = person("Ada", email=GUEST, user_id=owner.pk)

    join(salon, admin)

    assert login_of(ada) == owner.pk


def test_of_two_with_one_address_nobody_is_guessed(salon, admin):
    both = [person(name, email=GUEST) for name in ("Ada", "Ada two")]

    join(salon, admin)

    assert [login_of(each) for each in both] == [None, None]


def test_the_other_salon_is_not_looked_at(salon, nora, admin):
    with tenant_context(nora):
        elsewhere = person("Ada", email=GUEST)

    join(salon, admin)

    with tenant_context(nora):
        assert login_of(elsewhere) is None
