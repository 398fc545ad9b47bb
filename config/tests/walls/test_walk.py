"""The walls: whoever asks, at whatever address, learns and changes nothing of another salon."""

import re
from dataclasses import dataclass

import pytest
from django.urls import get_resolver

from config.tests.test_doors import patterns
from config.tests.walls import expectations, identities
from config.tests.walls.addresses import ARGUMENT, UnknownArgument, addresses, argument_at, spelled_out
from config.tests.walls.planted import PLANTED
from config.tests.walls.walk import Walker
from payments.tests.conftest import local_stripe, stripe_server
from tenants.tests.api import NO_STATIC

__all__ = ["local_stripe", "stripe_server"]
pytestmark = [NO_STATIC, pytest.mark.slow]
#: Asked with every method, whatever a view takes; the others with what it takes, GET and POST.
THOROUGH = ("stranger", "owner")
#: Press nothing in the own salon that others do not press as well.
BRIEFLY = ("neighbour", "operator", "staff", "support", "newcomer")
#: They belong to the other salon too, and read its name where their own salons are listed.
TWO_SALONS = ("two hats", "neighbour")
#: To whom the team's doors do not exist.
SHUT = ("nobody",)


@dataclass(frozen=True)
class Expected:
    """What the tables say to a group of people, by address and method."""

    group: str
    closed: dict
    open: set
    foreign: dict
    foreign_too: dict

    def __call__(self, address, method):
        return {405} | ({200} if method == "OPTIONS" else set()) | self._answers(address)

    def _answers(self, address):
        closed = _longest(self.closed, address.pattern)
        if closed and self.group == "outside" and address.pattern not in self.open:
            return closed[0]
        if not address.foreign:
            is_shut = closed and self.group in SHUT and address.pattern not in self.open
            return closed[1] if is_shut else expectations.ANSWERED
        row = {}
        for beginning in sorted(self.foreign, key=len):
            row |= self.foreign[beginning] if address.pattern.startswith(beginning) else {}
        too = [more for pattern, more in self.foreign_too.items() if re.fullmatch(pattern, address.pattern)]
        return row[self.group].union(*too)


def _longest(table, pattern):
    """What a table says about the longest beginning that fits. None where nothing does."""
    fitting = [beginning for beginning in table if pattern.startswith(beginning)]
    return table[max(fitting, key=len)] if fitting else None


def on_a_salon(who):
    tables = (expectations.CLOSED, expectations.OPEN, expectations.FOREIGN, expectations.FOREIGN_TOO)
    return Expected(expectations.GROUPS[who], *tables)


def on_the_platform(who):
    tables = (
        expectations.PLATFORM_CLOSED,
        expectations.PLATFORM_OPEN,
        expectations.PLATFORM_FOREIGN,
        expectations.PLATFORM_FOREIGN_TOO,
    )
    return Expected(expectations.PLATFORM_GROUPS[who], *tables)


def how(who):
    return {"thorough": who in THOROUGH, "briefly": who in BRIEFLY}


@pytest.mark.usefixtures("local_stripe")
@pytest.mark.parametrize("who", identities.ON_A_SALON)
def test_a_salons_host_tells_and_changes_nothing_of_another_salon(who, here, there):
    client, headers = identities.browser(who, here, there)
    unseen = [there.inside, there.people, *([] if who in TWO_SALONS else [there.public])]

    walker = Walker(client, headers, here, there, unseen, on_a_salon(who), **how(who))
    walker.walk(addresses("config.urls_salon", here, there))

    assert walker.faults == []
    assert sum(walker.answered.values()) > 900
    assert walker.seen_own > 10  # the public pages alone; who sees none of a salon's words proves nothing


@pytest.mark.usefixtures("local_stripe")
@pytest.mark.parametrize("who", identities.ON_THE_PLATFORM)
def test_the_platforms_host_tells_and_changes_nothing_of_another_salon(who, here, there):
    client, headers = identities.browser(who, here, there, platform=True)
    operator = who == "operator"
    unseen = [there.inside] if operator else [there.inside, there.people, there.public]

    walker = Walker(client, headers, here, there, unseen, on_the_platform(who), watched=not operator, **how(who))
    walker.walk(addresses("config.urls_platform", here, there))

    assert walker.faults == []
    assert sum(walker.answered.values()) > 400


# The walk itself ------------------------------------------------------------------------------


@pytest.fixture
def planted(settings, here, there):
    """Walks the planted views as the owner; what was found, by view."""
    settings.ROOT_URLCONF = "config.tests.walls.planted"

    def found(**how):
        client, headers = identities.browser("owner", here, there)
        walker = Walker(
            client, headers, here, there, [there.inside, there.public, there.people], lambda *_: {200, 302}, **how
        )
        faults = walker.walk(addresses("config.tests.walls.planted", here, there)).faults
        return {fault.split()[1].split("/")[2]: fault for fault in faults}

    return found


def test_the_walk_finds_every_planted_view_and_no_other(planted):
    assert set(planted()) == set(PLANTED)


def test_a_mark_in_an_answer_is_found_without_watching_statements(planted):
    assert set(planted(watched=False)) == set(PLANTED) - {"writes", "writes_in_public"}


def test_what_changed_is_found_by_looking_at_the_rows(planted):
    found = planted()

    assert "changed rows of the other salon" in found["writes"]
    assert "changed rows of the other salon" in found["writes_in_public"]


@pytest.mark.parametrize("urlconf", ["config.urls_salon", "config.urls_platform"])
def test_every_argument_of_every_address_was_thought_of(urlconf):
    """Fails with what to add to ARGUMENTS for a new address, before anybody walks."""
    for pattern, _ in patterns(get_resolver(urlconf)):
        plain = spelled_out(pattern)
        for place in ARGUMENT.finditer(plain):
            argument_at(plain, place)


def test_an_argument_nobody_knows_says_what_to_add(here, there):
    with pytest.raises(UnknownArgument, match=r"“planted/<uuid:thing>”\? Add it to ARGUMENTS"):
        list(addresses("config.tests.walls.unsaid", here, there))
