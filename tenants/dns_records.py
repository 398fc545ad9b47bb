"""What the DNS says about a name: the only module that asks it."""

from dataclasses import dataclass

import dns.exception
import dns.nameserver
import dns.rdatatype
import dns.resolver
from django.conf import settings

#: For one question, with its retries.
PATIENCE_SECONDS = 4.0
PORT = 53


class Unreachable(Exception):
    """Nobody answered, or a name server failed: nothing is known, neither good nor bad."""


@dataclass(frozen=True, slots=True)
class Leads:
    """Where a name leads: the names it stands for, and the addresses at the end."""

    names: frozenset[str]
    addresses: frozenset[str]


def texts(name):
    """What the TXT records of a name say; none where there is no such name. Raises Unreachable."""
    answer = _ask(name, "TXT")
    rows = answer.rrset or () if answer is not None else ()
    return frozenset(b"".join(row.strings).decode("ascii", "replace") for row in rows)


def leads_of(name):
    """Where a name leads. Raises Unreachable."""
    # Not by truth: an answer with names and no address counts as empty.
    found = [answer for answer in (_ask(name, "A"), _ask(name, "AAAA")) if answer is not None]
    aliases = [rrset for answer in found for rrset in answer.response.answer if rrset.rdtype == dns.rdatatype.CNAME]
    return Leads(
        names=frozenset(row.target.to_text(omit_final_dot=True).lower() for rrset in aliases for row in rrset),
        addresses=frozenset(row.address for answer in found for row in answer.rrset or ()),
    )


def _ask(name, kind):
    """The answer, which may be empty; None where there is no such name."""
    try:
        return _resolver().resolve(name, kind, search=False, raise_on_no_answer=False, lifetime=PATIENCE_SECONDS)
    except dns.resolver.NXDOMAIN:
        return None
    except (dns.exception.DNSException, OSError) as exc:
        raise Unreachable(str(exc)) from exc


def _resolver():
    if not settings.DNS_RESOLVERS:
        return dns.resolver.Resolver()
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [_server(text) for text in settings.DNS_RESOLVERS]
    return resolver


def _server(text):
    """`address` or `address:port`; an IPv6 address with a port stands in brackets."""
    address, bracket, port = text.partition("]:") if text.startswith("[") else text.rpartition(":")
    if not bracket or (":" in address and not text.startswith("[")):
        return dns.nameserver.Do53Nameserver(text.strip("[]"), PORT)
    return dns.nameserver.Do53Nameserver(address.strip("[]"), int(port))
