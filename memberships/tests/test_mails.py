"""What members are told, in their language."""

import pytest

from giftcards import codes
from memberships import links
from memberships.tests.making import grants
from messaging.models import Message
from tenants.models import Business
from tenants.tests.api import NO_STATIC

pytestmark = [NO_STATIC, pytest.mark.django_db]


def test_a_paid_month_says_code_last_day_and_next_charge(club):
    membership = club.join()

    mail = Message.objects.get()
    card = grants(membership)[0].card
    code, page = (
        codes.shown(codes.code_of(card.pk)),
        links.membership_url(business=club.business, membership=membership),
    )
    assert (mail.kind, mail.recipient, mail.subject) == (
        "membership_paid",
        "anna@example.com",
        "Monthly cut: Rosa Studio",
    )
    for text in (mail.text, mail.html):
        assert [words for words in (code, page, "$45.00 on", "Included visits") if words not in text] == []


@pytest.mark.parametrize(
    ("language", "ended"),
    [
        ("de", "Ihre Mitgliedschaft ist beendet."),
        ("fr", "Votre abonnement a pris fin."),
        ("es", "Tu suscripción ha terminado."),
    ],
)
def test_it_is_told_in_the_members_language(club, language, ended):
    Business.objects.filter(pk=club.business.pk).update(other_languages=["de", "fr", "es"])
    club.business.refresh_from_db()
    club.do("end_now", club.join(language=language))

    mails = dict(Message.objects.values_list("kind", "text"))
    assert ended in mails["membership_ended"]
    assert "Monthly cut" in mails["membership_paid"]
    assert "Next charge" not in mails["membership_paid"]
