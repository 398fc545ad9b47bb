"""The API does what its description says: asked at random as every role, it never fails and answers nothing unwritten."""

import pytest
import schemathesis
import yaml
from django.conf import settings
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as how
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

from config.tests.api_world import make_world
from payments.tests.conftest import account, local_stripe, stripe_server
from tenants.api import tokens
from tenants.models import Role
from tenants.tests.api import NO_STATIC, cheap_passwords

__all__ = ["account", "cheap_passwords", "local_stripe", "stripe_server"]
pytestmark = NO_STATIC
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
EXAMPLES = 8
#: Stripe keeps what it was asked here, under names that follow from the salon; so the salon keeps it as well.
KEPT = ("/api/payments/stripe/", "/api/v1/admin/subscription")


@pytest.fixture(scope="session")
def describe(tmp_path_factory):
    """`describe("config.urls_salon")`: what that host says of its API."""

    def read(urlconf):
        path = tmp_path_factory.mktemp("api") / "schema.yml"
        call_command("spectacular", "--urlconf", urlconf, "--file", str(path))
        return yaml.safe_load(path.read_text())

    return read


@pytest.fixture
def app():
    """The product as a server runs it, on the test's own connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def answers(app, host, operation, *, lead, headers):
    """Ask one operation at random. Raises FailureGroup with what it answered that is not written."""

    @how(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), meant=st.booleans())
    def ask(case, meant):
        if meant:
            lead(case)
        # A bare savepoint, not an atomic block: inside one Stripe would not be called.
        before = transaction.savepoint()
        try:
            case.call_and_validate(base_url=f"http://{host}", app=app, headers=headers, checks=CHECKS)
        finally:
            if not case.path.startswith(KEPT):
                transaction.savepoint_rollback(before)

    ask()


def gathered(app, host, description, *, lead, headers):
    """What all of them answered that is not written: one list says more than its first entry."""
    found = []
    for operation in (each.ok() for each in schemathesis.openapi.from_dict(description).get_all_operations()):
        try:
            answers(app, host, operation, lead=lead, headers=headers)
        except FailureGroup as exc:
            found.append(f"{operation.label}: {exc}")
    return "\n\n".join(found)


@pytest.mark.parametrize("role", ["stranger", *Role.values])
def test_a_salons_api_answers_what_is_written(describe, app, role, salon, account, member):
    world = make_world(salon=salon, account=account, member=member)

    found = gathered(
        app,
        salon.host,
        describe("config.urls_salon"),
        lead=world.lead,
        headers=world.headers(role),
    )

    assert found == ""


def test_an_answer_that_is_not_written_is_found(describe, app, salon):
    """The tests beside this one can see: an answer nobody described is told."""
    description = describe("config.urls_salon")
    login = description["paths"]["/auth/login"]
    del login["post"]["responses"]["400"]
    description["paths"] = {"/auth/login": login}

    found = gathered(app, salon.host, description, lead=lambda case: None, headers={})

    assert "POST /auth/login" in found
    assert "Undocumented status code" in found


@pytest.mark.parametrize("who", ["stranger", "owner"])
def test_the_platforms_api_answers_what_is_written(describe, app, who, salon, local_stripe, owner):
    token = tokens.issue(user=owner, business=None)["access"]

    def lead(case):
        if isinstance(case.body, dict) and "tenant_id" in case.body:
            case.body["tenant_id"] = str(salon.pk)

    found = gathered(
        app,
        settings.PLATFORM_DOMAIN,
        describe("config.urls_platform"),
        lead=lead,
        headers={"Authorization": f"Bearer {token}"} if who == "owner" else {},
    )

    assert found == ""
