"""Mass assignment: what belongs to the house is set by no address of the API and no form that does not own it."""

import json
import re

import pytest
from django.forms import BaseForm, CharField
from django.http import SimpleCookie
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import get_resolver
from rest_framework import serializers

from config.admin import site
from config.tests.diary_writes import modules
from config.tests.test_doors import patterns
from config.tests.walls import identities
from config.tests.walls.addresses import addresses
from config.tests.walls.rows import rows_of
from config.tests.walls.walk import FILLED_IN as ANSWERS
from config.tests.walls.walk import RolledBack, asked_for, checksum
from onboarding.api.urls import VIEWS
from onboarding.steps import STEPS
from payments.tests.conftest import local_stripe, stripe_server
from tenants.api import tokens
from tenants.api.serializers import StrictSerializer
from tenants.models import User
from tenants.tests.api import NO_STATIC

__all__ = ["local_stripe", "stripe_server"]
pytestmark = [NO_STATIC, pytest.mark.usefixtures("local_stripe")]
#: What nobody sets who does not own it, with values that would do harm. So many as a refusal names at once.
HOUSE = {
    "tenant": "", "tenant_id": "", "business": "", "business_id": "", "schema_name": "public", "slug": "taken",
    "role": "owner", "user": 1, "user_id": 1, "is_staff": True, "is_operator": True, "status": "completed",
    "price_cents": 1, "balance_cents": 1, "amount_cents": 1, "captured_cents": 1, "stripe_account": "acct_1",
    "stripe_account_id": "acct_1", "created_at": "2020-01-01T00:00:00Z", "id": "",
}  # fmt: skip
FILLED_IN = re.compile(r"""<(?:input|select|textarea)\b[^>]*?\bname="([^"]+)\"""")
READS = re.compile(r"""\bPOST(?:\[|\.(?:get|getlist|pop)\()["'](\w+)["']""")
#: Ours with forms.
APPS = {
    "accounts", "bookings", "dashboard", "directory", "giftcards", "memberships", "messaging", "onboarding", "operators",
    "payments", "reviews", "tenants", "waitlist", "webhooks",
}  # fmt: skip

#: What an address takes of it, as its own subject; every other field of HOUSE is refused by its name.
OWN = {
    "POST booking/availability": "tenant_id",
    "POST booking/hold": "tenant_id",
    "POST booking/waitlist": "tenant_id",
    "POST booking/create": "tenant_id",
    "POST api/v1/admin/booking-groups": "tenant_id",
    "POST api/v1/admin/booking-groups/availability": "tenant_id",
    "POST api/v1/services": "price_cents",
    "PUT api/v1/services/<uuid:pk>": "price_cents",
    "PATCH api/v1/services/<uuid:pk>": "price_cents",
    # What somebody does in the salon, and the login that is theirs; what they may is a Membership's.
    "POST api/v1/team/members": "role user_id",
    "PUT api/v1/team/members/<uuid:pk>": "role user_id",
    "PATCH api/v1/team/members/<uuid:pk>": "role user_id",
    "POST api/v1/gift-cards": "amount_cents",
    "POST api/v1/packages": "price_cents",
    "PATCH api/v1/packages/<uuid:pk>": "price_cents",
    "POST api/v1/membership-plans": "price_cents",
    "PATCH api/v1/membership-plans/<uuid:pk>": "price_cents",
    "POST api/v1/admin/bookings/<uuid:pk>/complete": "amount_cents tenant_id",
    "POST api/v1/admin/bookings/<uuid:pk>/refund": "amount_cents tenant_id",
    "POST api/payments/stripe/payment/capture": "amount_cents tenant_id",
    "POST api/payments/stripe/payment/refund": "amount_cents tenant_id",
    **{
        f"POST api/v1/admin/bookings/<uuid:pk>/{press}": "tenant_id"
        for press in ("cancel", "no-show", "paid-in-cash", "retry", "send-link")
    },
}
PLATFORM_OWN = {
    f"POST api/v1/onboarding/step{step.number}/{step.path}": "tenant_id" for step in STEPS if step.number in VIEWS
}
#: Form → what it takes of it, and whose that is.
FORMS = {
    "accounts.forms.InviteForm": "role",  # by who may let into the team, no role beyond their own
    "bookings.admin.team.TeamMemberForm": "user_id",  # a login of the salon, as in the API
    "dashboard.reviews.forms.ReviewsForm": "status",  # a filter of the list
    "dashboard.visits.forms.VisitsForm": "status",  # a filter of the list
    "onboarding.forms.team.PersonForm": "role",
    "onboarding.manage.forms.AddressForm": "slug",  # the owner's, who moves the salon
    "payments.forms.PackageForm": "price_cents",  # what the buyer has seen; another price is not sold
}
#: Record of the admin → what its own pages ask for of it. Rows that hang on a record bring their ids, which Django looks
#: for among that record's rows only.
RECORDS = {
    "bookings.Resource": "id",
    "bookings.Service": "id price_cents",
    "bookings.TeamMember": "id price_cents user_id",  # the prices of what somebody performs
    "giftcards.GiftCard": "amount_cents",  # of a card that is issued
}
#: Pages that set it → where it stands then.
PAGES = {
    "config.urls_salon": {},
    "config.urls_platform": {
        "onboarding/services/<uuid:pk>/": "audit_auditentry bookings_service",  # a service's price
        "businesses/<uuid:business>/address/": "audit_auditentry tenants_business tenants_domain",  # the salon's name
    },
}
WORD, LONG_AGO = "918273", "1987-06-05"
SHARED = (
    "tenants_business", "tenants_domain", "tenants_membership", "tenants_tenantbilling", "tenants_user",
    "accounts_invitation",
)  # fmt: skip
#: What views read themselves, without a form.
READ = {
    "accounts/admin.py": "role",  # of somebody in the team: `services.change_role` says who may, and which
}


@pytest.fixture(params=["config.urls_salon", "config.urls_platform"])
def program(request, here, there):
    """(urlconf, here, there, client, headers): the owner of one salon, on its own host and on the platform's."""
    return program_of(request.param, here, there)


def program_of(urlconf, here, there):
    is_platform = urlconf == "config.urls_platform"
    client, _ = identities.browser("owner", here, there, platform=is_platform)
    token = tokens.issue(user=here.owner, business=None if is_platform else here.business)["access"]
    return urlconf, here, there, client, {"Authorization": f"Bearer {token}"}


def asked(urlconf, here, there, client, headers, body):
    """method and address of every program's address that sets something → what it answers to `body`, undone again."""
    programs = {pattern for pattern, view in patterns(get_resolver(urlconf)) if hasattr(view, "cls")}
    found = {}
    for address in addresses(urlconf, here, there):
        if address.pattern not in programs or address.foreign:
            continue
        for method in sorted(address.methods & {"POST", "PUT", "PATCH"}):
            with RolledBack():
                answer = client.generic(method, address.path, json.dumps(body), "application/json", headers=headers)
                found[f"{method} {address.pattern}"] = answer.status_code, json.loads(answer.content)
    return found


def taken(answers):
    """What of HOUSE was not refused by its name; all of it where the answer is no refusal."""
    found = {}
    for where, (status, said) in answers.items():
        named = set(said["errors"]) if status == 400 and "errors" in said else set()
        if rest := set(HOUSE) - named:
            found[where] = " ".join(sorted(rest))
    return found


def test_no_address_takes_what_is_not_its_own(program):
    urlconf, _, there, *_ = program
    foreign = dict.fromkeys(("tenant", "tenant_id", "business", "business_id", "id"), str(there.business.pk))

    found = taken(asked(*program, HOUSE | foreign))

    assert found == (OWN if urlconf == "config.urls_salon" else PLATFORM_OWN)


def test_a_salon_that_is_named_is_the_hosts_or_ones_own(program):
    """Where a body may say which salon is meant, another one is not there, and nothing happens to either."""
    urlconf, here, there, *_ = program
    own = OWN if urlconf == "config.urls_salon" else PLATFORM_OWN
    before = checksum(here.business), checksum(there.business)

    answers = asked(*program, {"tenant_id": str(there.business.pk)})

    asks = {where for where, fields in own.items() if "tenant_id" in fields.split()}
    # The wizard's steps look at the rest of a body first.
    refused = {404} if urlconf == "config.urls_salon" else {400, 404}
    assert [where for where in asks if answers[where][0] not in refused] == []
    assert (checksum(here.business), checksum(there.business)) == before


def test_an_address_that_takes_anything_is_found(settings, here, there):
    settings.ROOT_URLCONF = "config.tests.walls.planted_api"

    found = taken(asked(*program_of("config.tests.walls.planted_api", here, there), HOUSE))

    assert found == {"POST planted/strict": "status", "POST planted/loose": " ".join(sorted(HOUSE))}


def test_what_lies_within_a_body_refuses_unknown_fields_too():
    loose = {
        f"{body.__name__}.{name}"
        for body in subclasses(StrictSerializer)
        for name, field in body().fields.items()
        if (inner := innermost(field)) is not None and not isinstance(inner, StrictSerializer)
    }

    assert loose == set()


def innermost(field):
    """The serializer, or the field without a shape of its own, that a field's lists and dictionaries hold."""
    while child := getattr(field, "child", None):
        field = child
    return field if isinstance(field, (serializers.BaseSerializer, serializers.JSONField)) else None


def subclasses(cls):
    for each in cls.__subclasses__():
        yield each
        yield from subclasses(each)


# Forms -----------------------------------------------------------------------------------------


def declared(forms):
    """Form → what of HOUSE it declares."""
    found = {f"{form.__module__}.{form.__qualname__}": set(form.base_fields) & set(HOUSE) for form in forms}
    return {name: " ".join(sorted(fields)) for name, fields in found.items() if fields}


def our_forms():
    get_resolver("config.urls_salon").reverse_dict, get_resolver("config.urls_platform").reverse_dict  # imports them
    for form in subclasses(BaseForm):
        root, _, rest = form.__module__.partition(".")
        if root in APPS and ".tests" not in f".{rest}" and hasattr(form, "base_fields"):
            yield form


def test_no_form_takes_what_is_not_its_own():
    assert declared(our_forms()) == FORMS


def test_a_form_that_takes_it_is_found():
    class Planted(BaseForm):
        base_fields = {"name": CharField(), "price_cents": CharField(), "tenant": CharField()}

    assert list(declared([Planted]).values()) == ["price_cents tenant"]


def test_no_page_of_the_admins_records_asks_for_what_is_not_its_own(here, there):
    """As its owner sees them, who may most."""
    client, _ = identities.browser("owner", here, there)
    found = {}
    for model in site._registry:
        names = set()
        for page in ("add", f"{here.keys[model._meta.label]}/change"):
            answer = client.get(f"/admin/{model._meta.app_label}/{model._meta.model_name}/{page}/")
            names |= {name.rpartition("-")[2] for name in FILLED_IN.findall(answer.content.decode())} & set(HOUSE)
        found[model._meta.label] = " ".join(sorted(names))

    assert {label: names for label, names in found.items() if names} == RECORDS
    assert len(found) > 20


# What comes of it ------------------------------------------------------------------------------


def typed(there):
    """HOUSE as a page's form would send it, in values that stand nowhere else."""
    words = {name: int(WORD) if name.endswith("_cents") else f"t{WORD}" for name in HOUSE}
    people = dict.fromkeys(("user", "user_id"), there.owner.pk)
    salons = dict.fromkeys(("tenant", "tenant_id", "business", "business_id"), there.business.pk)
    return words | {"created_at": LONG_AGO, "is_staff": "on", "is_operator": "on"} | people | salons


def set_by_pages(urlconf, here, there, client):
    """Page → the tables of a salon in which what was sent to it stands afterwards; each undone again."""
    programs = {pattern for pattern, view in patterns(get_resolver(urlconf)) if hasattr(view, "cls")}
    body = encode_multipart(BOUNDARY, ANSWERS | asked_for(here) | typed(there))
    marks = re.compile(f"{WORD}|{LONG_AGO}|{there.owner.pk}")
    before, found = marked_rows(here, marks), {}
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    for address in addresses(urlconf, here, there):
        if address.foreign or address.pattern in programs:
            continue
        client.cookies = SimpleCookie(cookies)
        with RolledBack():
            client.generic("POST", address.path, body, MULTIPART_CONTENT)
            after = marked_rows(here, marks)
        if after != before:
            found[address.pattern] = " ".join(sorted(table for table in after if after[table] != before[table]))
    return found


def marked_rows(salon, marks):
    """table → how often a mark stands in it: those of a salon's schema, and those of `public` with salons and people."""
    rows = rows_of(salon.business.schema_name) | rows_of("public", *SHARED)
    counts = {table: len(marks.findall(text)) for table, text in rows.items()}
    return counts | {"operators": User.objects.filter(is_operator=True).count()}


@pytest.mark.slow
@pytest.mark.parametrize("urlconf", PAGES)
def test_no_page_sets_what_is_not_its_own(urlconf, here, there):
    """Its forms may say what they like: everything of HOUSE is sent to every page, and looked for in the rows."""
    client, _ = identities.browser("owner", here, there, platform=urlconf == "config.urls_platform")

    assert set_by_pages(urlconf, here, there, client) == PAGES[urlconf]


def test_a_page_that_sets_it_is_found(settings, here, there):
    client, _ = identities.browser("owner", here, there)
    settings.ROOT_URLCONF = "config.tests.walls.planted_api"

    found = set_by_pages("config.tests.walls.planted_api", here, there, client)

    assert found == {"planted/page": "bookings_service"}


# Views that read for themselves ---------------------------------------------------------------


def read_by_hand(texts):
    """File → what of HOUSE it reads from what was sent, past any form."""
    found = {path: set(READS.findall(text)) & set(HOUSE) for path, text in texts}
    return {path: " ".join(sorted(names)) for path, names in found.items() if names}


def test_no_view_reads_what_is_not_its_own():
    assert read_by_hand(modules()) == READ


def test_a_view_that_reads_it_is_found():
    texts = [("one.py", 'row.status = request.POST["status"]'), ("two.py", 'POST.get("name"), POST.getlist("role")')]

    assert read_by_hand(texts) == {"one.py": "status", "two.py": "role"}
