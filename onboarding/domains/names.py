"""What a salon's own domain may be called: from what people type to the name the DNS knows. Pure."""

import ipaddress
import re

import idna

from onboarding.domains.errors import NameInvalid, NameIsOurs, NameIsShared

#: Where the proof stands: below the name, so that the name itself is free for everything else.
PROOF = "_tithi-verify"
#: The DNS knows 253 characters, and the proof's name is longer than the name.
LONGEST = 253 - len(PROOF) - 1
SCHEME = re.compile(r"\A[a-z][a-z0-9+.-]*://")
PORT = re.compile(r":[0-9]{1,5}\Z")
#: Endings that are for machines and tests, and never found on the web.
NOWHERE = frozenset(("arpa", "home", "internal", "intranet", "invalid", "lan", "local", "localhost", "onion"))
# fmt: off
#: Endings of two parts below which everybody may have a name. The whole list is long and changes; these are the usual
#: ones, and nobody can prove one of the others to be theirs.
SHARED = frozenset((
    "ac.uk", "co.at", "co.id", "co.il", "co.in", "co.jp", "co.ke", "co.kr", "co.nz", "co.th", "co.uk", "co.za",
    "com.ar", "com.au", "com.bd", "com.br", "com.cn", "com.co", "com.eg", "com.es", "com.gr", "com.hk", "com.mx",
    "com.my", "com.ng", "com.np", "com.pe", "com.ph", "com.pk", "com.pl", "com.pt", "com.sg", "com.tr", "com.tw",
    "com.ua", "com.vn", "edu.au", "fly.dev", "github.io", "gitlab.io", "gov.uk", "herokuapp.com", "ltd.uk", "me.uk",
    "ne.jp", "net.au", "net.br", "net.nz", "net.uk", "netlify.app", "onrender.com", "or.jp", "org.au", "org.br",
    "org.nz", "org.uk", "pages.dev", "plc.uk", "vercel.app", "web.app", "workers.dev",
))
# fmt: on


def normalise(text, *, platform):
    """The name that was meant, in lower case and as the DNS writes it; a scheme, a path and a port are left out.

    Raises NameInvalid, NameIsOurs (the `platform`'s name and all below it), NameIsShared.
    """
    name = PORT.sub("", re.split(r"[/?#]", SCHEME.sub("", text.strip().lower()), maxsplit=1)[0]).removesuffix(".")
    if _is_address(name):
        raise NameInvalid
    try:
        name = idna.encode(name, uts46=True).decode()
    except (idna.IDNAError, UnicodeError) as exc:
        raise NameInvalid from exc
    labels = name.split(".")
    if len(name) > LONGEST or len(labels) < 2 or labels[-1].isdigit() or labels[-1] in NOWHERE:
        raise NameInvalid
    if f".{name}".endswith(f".{platform}"):
        raise NameIsOurs
    if name in SHARED:
        raise NameIsShared
    return name


def proof_of(name):
    """The name of the TXT record that holds the salon's token."""
    return f"{PROOF}.{name}"


def shown(name):
    """The name as people read it."""
    try:
        return idna.decode(name)
    except (idna.IDNAError, UnicodeError):
        return name


def _is_address(name):
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
