"""A salon's own domain: proven, served, looked after, lost."""

from datetime import timedelta

import pytest
from django.conf import settings as project
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from django_tenants.utils import tenant_context

from accounts.models import AccountMessage
from audit.actors import SYSTEM
from audit.models import AuditEntry
from config.testing_racing import at_once
from onboarding.domains import names, queries, services, tasks
from onboarding.domains.errors import DomainTaken, TooManyDomains
from onboarding.domains.tests.conftest import OURS
from tenants import dns_records
from tenants.models import CustomDomain, Domain

NOW = timezone.now()
DAY = timedelta(days=1)
NAME = "rosa-studio.example"


def check(row, now=NOW):
    return services.check_domain(business=row.business, domain=row, now=now)


def served():
    return Client(HTTP_HOST=NAME).get("/").status_code == 200


def acts(business):
    with tenant_context(business):
        found = AuditEntry.objects.filter(action__startswith="domain.").order_by("at", "pk")
        return sorted(found.values_list("action", flat=True))


@pytest.fixture
def verified(rosa, add, publish):
    row = add(rosa, NOW)
    publish(row)
    return check(row)


def test_a_name_that_was_only_added_is_not_served(rosa, add):
    row = add(rosa, NOW, "https://Rosa-Studio.example/")

    assert (row.domain, len(row.token), row.verified_at) == (NAME, 38, None)
    assert not served()
    assert acts(rosa) == ["domain.added"]


def test_added_twice_it_is_one(rosa, add):
    assert add(rosa, NOW) == add(rosa, NOW + DAY)
    assert CustomDomain.objects.count() == 1


def test_there_are_at_most_five(rosa, add):
    for number in range(5):
        add(rosa, NOW, f"rosa-{number}.example")

    with pytest.raises(TooManyDomains):
        add(rosa, NOW)
    assert CustomDomain.objects.count() == 5


def test_a_proven_name_that_leads_to_us_is_served(verified, rosa):
    assert (verified.verified_at, verified.problem) == (NOW, "")
    assert list(rosa.domains.filter(is_primary=False).values_list("domain", flat=True)) == [NAME]
    assert served()
    assert acts(rosa) == ["domain.added", "domain.verified"]


@pytest.mark.parametrize("leads", [("CNAME", "rosa.{}"), ("CNAME", "{}"), ("A", OURS), ("AAAA", "2001:db8::10")])
def test_it_leads_to_us_by_name_or_by_address(rosa, add, name_server, settings, leads):
    settings.PLATFORM_ADDRESSES = [OURS, "2001:db8::10"]
    row = add(rosa, NOW)
    name_server.set(names.proof_of(NAME), "TXT", "v=spf1 -all", row.token)
    name_server.set(NAME, leads[0], leads[1].format(project.PLATFORM_DOMAIN))

    assert check(row).problem == ""


def test_without_addresses_of_our_own_the_platforms_count(rosa, add, name_server, settings, publish):
    settings.PLATFORM_ADDRESSES = []
    row = add(rosa, NOW)
    publish(row)
    assert check(row).problem == f"{NAME} does not lead to us yet."

    name_server.set(project.PLATFORM_DOMAIN, "A", OURS)
    assert check(row).problem == ""


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (lambda server, row: server.forget(names.proof_of(NAME), "TXT"), "The TXT record _tithi-verify"),
        (lambda server, row: server.set(names.proof_of(NAME), "TXT", row.token[:-1]), "The TXT record _tithi-verify"),
        (lambda server, row: server.set(NAME, "A", "198.51.100.1"), "rosa-studio.example does not lead to us yet."),
        (lambda server, row: server.set(NAME, "A", OURS, "198.51.100.1"), "rosa-studio.example does not lead to us"),
        (lambda server, row: server.forget(NAME, "A"), "rosa-studio.example does not lead to us yet."),
    ],
    ids=["no proof", "another proof", "elsewhere", "elsewhere too", "nowhere"],
)
def test_what_is_missing_is_said_and_nothing_served(rosa, add, publish, name_server, wrong, problem):
    row = add(rosa, NOW)
    publish(row)
    wrong(name_server, row)

    found = check(row)

    assert found.problem.startswith(problem)
    assert (found.verified_at, found.failing_since) == (None, None)
    assert not served()


def test_the_proof_of_another_salon_proves_nothing(rosa, nora, add, publish):
    row, theirs = add(rosa, NOW), add(nora, NOW)
    publish(theirs)

    assert check(row).verified_at is None
    assert check(theirs).verified_at == NOW
    assert Domain.objects.get(domain=NAME).tenant == nora


def test_a_name_server_that_fails_changes_nothing(verified, name_server, monkeypatch):
    name_server.rcode = "SERVFAIL"

    found = [check(verified, NOW + number * DAY) for number in range(1, 30)][-1]

    assert (found.verified_at, found.failing_since) == (NOW, None)
    assert found.problem.startswith("The name servers did not answer.")
    assert served()


def test_after_three_days_owners_are_told_and_after_fourteen_it_is_not_served(verified, rosa, name_server, owner):
    name_server.set(NAME, "A", "198.51.100.1")
    seen = []

    for number in range(1, 16):
        row = check(verified, NOW + number * DAY)
        seen.append((AccountMessage.objects.count(), served()))
    again = check(row, NOW + 40 * DAY)

    assert seen == [(0, True)] * 3 + [(1, True)] * 11 + [(2, False)]
    first, second = AccountMessage.objects.order_by("due_at")
    assert (first.recipient, first.subject) == (owner.email, f"{NAME} soon will not lead to Rosa Studio any more")
    assert f"put right by {NOW + 15 * DAY:%-d %B %Y}" in first.text
    assert (second.recipient, second.subject) == (owner.email, f"{NAME} does not lead to Rosa Studio any more")
    assert (row.verified_at, row.failing_since, again.problem) == (None, None, f"{NAME} does not lead to us yet.")
    assert acts(rosa) == ["domain.added", "domain.stopped", "domain.verified"]


def test_one_good_day_in_between_starts_the_count_anew(verified, name_server, publish):
    for number in range(1, 40):
        name_server.set(NAME, "A", OURS if number % 10 == 0 else "198.51.100.1")
        row = check(verified, NOW + number * DAY)

    assert row.verified_at == NOW
    assert served()


def test_a_name_is_not_taken_while_the_others_proof_is_there(verified, nora, add, publish):
    theirs = add(nora, NOW)
    publish(theirs, verified.token)

    with pytest.raises(DomainTaken):
        check(theirs)

    assert Domain.objects.get(domain=NAME).tenant == verified.business
    assert CustomDomain.objects.get(pk=theirs.pk).checked_at is None


def test_whoever_lost_the_name_loses_it_to_whoever_proves_it(verified, rosa, nora, add, publish, account_mails, owner):
    theirs = add(nora, NOW)
    publish(theirs)

    assert check(theirs).verified_at == NOW

    assert Domain.objects.get(domain=NAME).tenant == nora
    lost = CustomDomain.objects.get(pk=verified.pk)
    assert (lost.verified_at, lost.problem) == (None, "Another salon has proven this name to be its own.")
    assert [(mail.to, mail.subject) for mail in account_mails()] == [
        ([owner.email], f"{NAME} does not lead to Rosa Studio any more")
    ]
    assert acts(rosa) == ["domain.added", "domain.lost", "domain.verified"]


def test_the_database_itself_knows_one_verified_salon_for_a_name(verified, nora, add):
    theirs = add(nora, NOW)

    with pytest.raises(IntegrityError, match="custom_domain_verified_once"):
        CustomDomain.objects.filter(pk=theirs.pk).update(verified_at=NOW)


def test_a_host_that_is_somebodys_already_is_not_taken(rosa, nora, add, publish):
    Domain.objects.create(domain=NAME, tenant=nora, is_primary=False)
    row = add(rosa, NOW)
    publish(row)

    with pytest.raises(DomainTaken):
        check(row)
    assert CustomDomain.objects.get(pk=row.pk).verified_at is None


def test_a_removed_name_is_not_served_and_somebody_elses_is(verified, rosa, nora, add, publish):
    services.remove_domain(business=rosa, domain=verified, by=SYSTEM, now=NOW)
    services.remove_domain(business=rosa, domain=verified, by=SYSTEM, now=NOW)

    assert not served()
    assert acts(rosa) == ["domain.added", "domain.removed", "domain.verified"]
    theirs = add(nora, NOW)
    publish(theirs)
    check(theirs)
    assert Domain.objects.get(domain=NAME).tenant == nora


def test_removing_an_unverified_name_takes_nothing_from_the_salon_that_has_it(verified, nora, add):
    theirs = add(nora, NOW)

    services.remove_domain(business=nora, domain=theirs, by=SYSTEM, now=NOW)

    assert served()


def test_a_name_removed_while_it_is_checked_stays_removed(rosa, add, publish):
    row = add(rosa, NOW)
    publish(row)
    CustomDomain.objects.all().delete()

    check(row)

    assert not Domain.objects.filter(domain=NAME).exists()


def test_what_is_served_or_new_is_looked_at_daily(verified, rosa, add):
    new, old = add(rosa, NOW, "new.example"), add(rosa, NOW - 31 * DAY, "old.example")

    assert set(queries.to_look_at(NOW)) == {verified.pk, new.pk}
    assert old.pk not in queries.to_look_at(NOW)


def test_the_daily_look_verifies_too(rosa, add, publish):
    row = add(rosa, NOW)
    publish(row)

    tasks.look_after_domain(domain_id=str(row.pk))
    tasks.look_after_domain(domain_id="00000000-0000-0000-0000-000000000000")

    assert served()


def test_the_dns_is_not_asked_within_a_transaction(rosa, add, publish, monkeypatch):
    from django.db import connection

    seen = []
    ask = dns_records._ask
    before = len(connection.savepoint_ids)
    monkeypatch.setattr(dns_records, "_ask", lambda *args: seen.append(len(connection.savepoint_ids)) or ask(*args))
    row = add(rosa, NOW)
    publish(row)

    check(row)

    assert set(seen) == {before}


@pytest.mark.django_db(transaction=True)
def test_of_two_salons_that_check_at_once_one_has_the_name(rosa, nora, add, publish):
    """Both proofs are there: the first keeps it."""
    for number in range(4):
        name = f"wanted-{number}.example"
        rows = [add(business, NOW, name) for business in (rosa, nora)]
        publish(rows[0], rows[1].token)

        def press(index, rows=rows):
            try:
                return check(rows[index]).problem
            except DomainTaken as exc:
                return exc.code

        assert sorted(at_once(2, press)) == ["", "domain_taken"]
        assert Domain.objects.filter(domain=name).count() == 1
        assert CustomDomain.objects.filter(domain=name, verified_at__isnull=False).count() == 1
