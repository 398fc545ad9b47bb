"""A balance is the sum of its entries, never below nothing, and every cause counts once."""

import threading

import pytest
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from payments.credits import services
from payments.credits.models import CreditEntry, Profile
from tenants.models import User


def spend(person, amount, reference="sms-1"):
    return services.spend(user=person, amount=amount, reference=reference, now=timezone.now())


def give_back(person, reference="sms-1"):
    return services.give_back(user=person, reference=reference, now=timezone.now())


def balance(person):
    return Profile.objects.get(user=person).credits


def entries():
    return list(CreditEntry.objects.order_by("id").values_list("kind", "amount_signed", "balance_after"))


def test_everybody_starts_with_a_thousand_credits_once(person):
    made = [services.get_or_create_profile(user=person, full_name="", now=timezone.now()) for _ in range(2)]

    assert [new for _, new in made] == [True, False]
    assert [(profile.credits, profile.full_name) for profile, _ in made] == [(1000, "Paula Ames")] * 2
    assert entries() == [("signup", 1000, 1000)]


def test_what_is_spent_is_written_down_and_can_come_back(person, profile):
    spend(person, 30)
    give_back(person)

    assert entries() == [("signup", 1000, 1000), ("spend", -30, 970), ("return", 30, 1000)]


def test_the_same_reference_spends_and_returns_once(person, profile):
    first, second = spend(person, 30), spend(person, 30)
    assert (first, balance(person)) == (second, 970)

    first, second = give_back(person), give_back(person)
    assert (first, balance(person)) == (second, 1000)


def test_more_than_there_is_cannot_be_spent(person, profile):
    with pytest.raises(services.NotEnoughCredits):
        spend(person, 1001)

    assert (balance(person), CreditEntry.objects.count()) == (1000, 1)
    assert spend(person, 1000).balance_after == 0


@pytest.mark.parametrize("amount", [0, -5])
def test_nothing_and_less_cannot_be_spent(person, profile, amount):
    with pytest.raises(ValueError, match="positive"):
        spend(person, amount)


def test_a_reference_is_for_one_amount_of_one_person(person, profile):
    other = User.objects.create_user("otto@example.com")
    services.get_or_create_profile(user=other, full_name="", now=timezone.now())
    spend(person, 30)

    for who, amount in ((person, 31), (other, 30)):
        with pytest.raises(services.ReferenceTaken):
            spend(who, amount)

    assert (balance(person), balance(other)) == (970, 1000)


def test_what_was_not_spent_does_not_come_back(person, profile):
    other = User.objects.create_user("otto@example.com")
    services.get_or_create_profile(user=other, full_name="", now=timezone.now())
    spend(person, 30)

    with pytest.raises(services.NothingSpent):
        give_back(person, "sms-2")
    with pytest.raises(services.NothingSpent):
        give_back(other)

    assert balance(other) == 1000


def test_without_a_profile_nothing_is_spent(person):
    with pytest.raises(services.NoProfile):
        spend(person, 1)


def race(times, act):
    """`act(number)` in so many threads at once; what they returned or raised."""
    barrier, outcomes = threading.Barrier(times), []

    def run(number):
        try:
            barrier.wait(timeout=20)
            outcomes.append(act(number))
        except Exception as exc:  # noqa: BLE001 -- judged by the test
            outcomes.append(exc)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_twenty_at_the_last_credits_spend_what_is_there(person, profile):
    spend(person, 500, "before")

    outcomes = race(20, lambda number: spend(person, 100, f"sms-{number}"))

    refused = [outcome for outcome in outcomes if isinstance(outcome, services.NotEnoughCredits)]
    spent = [outcome for outcome in outcomes if isinstance(outcome, CreditEntry)]
    assert (len(spent), len(refused), balance(person)) == (5, 15, 0)
    assert CreditEntry.objects.aggregate(sum=Sum("amount_signed"))["sum"] == 0
    assert sorted(entry.balance_after for entry in spent) == [0, 100, 200, 300, 400]


@pytest.mark.django_db(transaction=True)
def test_without_the_guard_the_last_credits_are_spent_twice(person, profile):
    """Reading first and writing after, as one would without thinking, loses: the test above can see."""
    spend(person, 900, "before")
    looked = threading.Barrier(8)

    def unguarded(number):
        found = Profile.objects.get(user=person)
        looked.wait(timeout=20)
        if found.credits >= 100:
            Profile.objects.filter(pk=found.pk).update(credits=found.credits - 100)
            return "spent"
        return "refused"

    assert race(8, unguarded) == ["spent"] * 8


@pytest.mark.django_db(transaction=True)
def test_twenty_asking_for_the_same_thing_spend_once(person, profile):
    outcomes = race(20, lambda number: spend(person, 100))

    assert len({outcome.pk for outcome in outcomes}) == 1
    assert balance(person) == 900


@pytest.mark.django_db(transaction=True)
def test_ten_sign_ups_at_once_make_one_profile(person):
    def sign_up(number):
        return services.get_or_create_profile(user=person, full_name="", now=timezone.now())[1]

    assert sorted(race(10, sign_up)) == [False] * 9 + [True]
    assert (balance(person), CreditEntry.objects.count()) == (1000, 1)
