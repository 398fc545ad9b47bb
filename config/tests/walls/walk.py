"""Asking every address with every method, and what must hold of each answer."""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.http import SimpleCookie
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from config.testing_client import HostClient
from config.tests.walls.canaries import text_of

FOR_PROGRAMS = ("/api/", "/auth/", "/booking/")
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
#: Names under which pages and programs ask for a row → its model; sent with the ids of the other salon.
ASKED_FOR = {
    "service": "bookings.Service",
    "service_id": "bookings.Service",
    "team_member": "bookings.TeamMember",
    "team_member_id": "bookings.TeamMember",
    "member": "bookings.TeamMember",
    "member_id": "bookings.TeamMember",
    "person": "bookings.TeamMember",
    "category": "bookings.ServiceCategory",
    "category_id": "bookings.ServiceCategory",
    "resource": "bookings.Resource",
    "customer": "bookings.Customer",
    "customer_id": "bookings.Customer",
    "booking": "bookings.Booking",
    "booking_id": "bookings.Booking",
    "appointment_id": "bookings.Booking",
    "hold_id": "bookings.Booking",
    "session": "bookings.GroupSession",
    "payment": "payments.Payment",
    "payment_id": "payments.Payment",
    "saved_card": "payments.SavedCard",
    "kept_card": "payments.SavedCard",
    "order": "payments.GiftCardOrder",
    "card": "giftcards.GiftCard",
    "endpoint": "webhooks.WebhookEndpoint",
    "invitation": "accounts.Invitation",
    "membership": "tenants.Membership",
    "user": "tenants.User",
    "user_id": "tenants.User",
    "business": "tenants.Business",
    "business_id": "tenants.Business",
    "tenant": "tenants.Business",
    "tenant_id": "tenants.Business",
    "id": "bookings.Booking",
    "object_id": "bookings.Booking",
    "_selected_action": "bookings.Booking",
}
LISTS = {"service_ids": "bookings.Service", "services": "bookings.Service", "team_members": "bookings.TeamMember"}
#: What else forms want to see before they look at the ids.
FILLED_IN = {
    "name": "Bea Cole",
    "email": "bea@example.com",
    "phone": "+12125550188",
    "date": "2030-01-07",
    "time": "10:00",
    "start": "2030-01-07T10:00:00Z",
    "start_time": "2030-01-07T10:00:00Z",
    "reason": "for a reason that is long enough",
    "party_size": "1",
    "price_cents": 100,
    "duration_min": 60,
    "role": "staff",
    "key": "00000000-0000-4000-8000-000000000000",
    "q": "a",
    "term": "",
    "action": "delete_selected",
    "app_label": "bookings",
    "model_name": "bookingitem",
    "field_name": "service",
}
WRITES = re.compile(r"\s*(?:SET LOCAL [^;]*;)?\s*(INSERT|UPDATE|DELETE|TRUNCATE|ALTER|DROP|CREATE|MERGE|COPY)\b", re.I)


def asked_for(salon):
    """Everything pages ask for, as ids of that salon."""
    one = {name: str(salon.keys[label]) for name, label in ASKED_FOR.items()}
    many = {name: [str(salon.keys[label])] for name, label in LISTS.items()}
    return one | many | {"code": salon.links["code"], "gift_card_code": salon.links["code"]}


def checksum(business):
    """One word for all rows of a salon's schema, and for those in `public` that belong to it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [business.schema_name])
        tables = [f'"{business.schema_name}"."{name}" AS t' for (name,) in cursor.fetchall()]
        tables += [f"public.{table} AS t WHERE t.{column} = '{business.pk}'" for table, column in OF_A_SALON]
        rows = "md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
        parts = (f"(SELECT {rows} FROM {table})" for table in tables)
        cursor.execute(f"SELECT md5({' || '.join(parts)})")
        return cursor.fetchone()[0]


#: Tables of `public` with a salon's rows.
OF_A_SALON = (
    ("tenants_business", "id"),
    ("tenants_domain", "tenant_id"),
    ("tenants_tenantbilling", "business_id"),
    ("tenants_customdomain", "business_id"),
    ("tenants_departure", "business_id"),
    ("tenants_membership", "business_id"),
    ("tenants_supportaccess", "business_id"),
    ("accounts_invitation", "business_id"),
    ("accounts_entry", "business_id"),
    ("onboarding_onboardingprogress", "business_id"),
)


class Browser(HostClient):
    """A HostClient that keeps no copies of what templates were given, and is answered as a server answers."""

    def request(self, **request):
        before = connection.tenant
        try:
            return self.handler(self._base_environ(**request))
        finally:
            connection.set_tenant(before)


@dataclass
class Walker:
    """Asks as one identity. `faults` is what must not have happened, `answered` how often which status came.

    `unseen`: the canaries that must stand in no answer. `expected(address, method)` are the statuses that may come.
    `thorough`: with methods too that a view does not take; `briefly`: with GET only where ids are one's own.
    `watched`: nothing may touch the other salon's rows.
    """

    client: Browser
    headers: dict
    here: object
    there: object
    unseen: tuple
    expected: Callable
    thorough: bool = False
    briefly: bool = False
    watched: bool = True
    faults: list = field(default_factory=list)
    answered: Counter = field(default_factory=Counter)
    seen_own: int = 0

    def __post_init__(self):
        self.cookies = {name: morsel.value for name, morsel in self.client.cookies.items()}
        asked = asked_for(self.there)
        self.body = FILLED_IN | asked
        self.sent = {text for value in asked.values() for text in (value if isinstance(value, list) else [value])}
        self.before = self._state()
        self.has_written = False

    def walk(self, addresses):
        for address in addresses:
            with RolledBack():
                for method in METHODS:
                    if self._is_asked(address, method):
                        self._ask(address, method)
                if self.has_written and self._state() != self.before:
                    self._fault(address, "POST", "changed rows of the other salon")
            self.has_written = False
        return self

    def _is_asked(self, address, method):
        """Views that answer to any method are asked for one page once; what a view refuses is asked when thorough."""
        if self.briefly and not address.foreign:
            return method == "GET"
        if method in ("GET", "POST") or method in address.methods - {"HEAD", "OPTIONS"}:
            return True
        return self.thorough and (address.foreign or "ANY" not in address.methods)

    def _ask(self, address, method):
        self.client.cookies = SimpleCookie(self.cookies)
        with connection.execute_wrapper(self._watch(address, method)):
            try:
                response = self.client.generic(method, address.path, **self._said(address, method))
                said = text_of(response)
            except Exception as exc:  # noqa: BLE001 -- whatever escapes is what is looked for
                self._fault(address, method, f"fails with {exc!r}")
                return
        self.answered[response.status_code] += 1
        self._judge(address, method, response.status_code, said)

    def _judge(self, address, method, status, said):
        for text in self.sent | address.sent:
            said = said.replace(text, "")
        for canary in self.unseen:
            if found := canary.found_in(said):
                self._fault(address, method, f"says {sorted(found)}")
        self.seen_own += bool(self.here.inside.found_in(said))
        if status not in self.expected(address, method):
            self._fault(address, method, f"answers {status}")

    def _said(self, address, method):
        if method in ("GET", "HEAD", "OPTIONS"):
            return {"headers": self.headers}
        if address.path.startswith(FOR_PROGRAMS):
            return {"data": json.dumps(self.body), "content_type": "application/json", "headers": self.headers}
        data = encode_multipart(BOUNDARY, self.body)
        return {"data": data, "content_type": MULTIPART_CONTENT, "headers": self.headers}

    def _watch(self, address, method):
        """Every statement: does it write, and does it go to the other salon?"""
        schema = self.there.business.schema_name

        def watch(execute, sql, params, many, context):
            self.has_written = self.has_written or bool(WRITES.match(str(sql)))
            if self.watched and (connection.schema_name == schema or schema in str(sql)):
                self._fault(address, method, f"asks the other salon’s schema: {str(sql)[:120]}")
            return execute(sql, params, many, context)

        return watch

    def _state(self):
        return checksum(self.there.business) if self.watched else ""

    def _fault(self, address, method, what):
        self.faults.append(f"{method} {address.path} ({address.pattern}) {what}")


class RolledBack:
    """What happens inside is undone, and callbacks for after a commit are forgotten."""

    def __enter__(self):
        self.savepoint = transaction.savepoint()

    def __exit__(self, *exc):
        connection.needs_rollback = False
        transaction.savepoint_rollback(self.savepoint)
        connection.run_on_commit.clear()
