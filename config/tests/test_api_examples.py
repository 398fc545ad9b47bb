"""Whoever reads the API's description sees a body for every address that takes one, and it is taken as it stands."""

import pytest
from django.conf import settings
from django.test import RequestFactory
from drf_spectacular.generators import SchemaGenerator
from rest_framework.exceptions import ValidationError

from tenants.api.examples import example
from tenants.api.schema import SalonAutoSchema
from tenants.api.serializers import Nothing, SomeOf, StrictSerializer

#: Looks before something is saved: their bodies hold those of the addresses that save it, whose examples they are.
LOOKS = {"/api/v1/changes/" + name for name in ("closure", "leaving", "opening-hours", "service-length", "weekly-plan")}
#: What is sent when it was made is shown where it is made.
SHOWN_WHERE_MADE = {"PATCH /api/v1/membership-plans/{id}", "PATCH /api/v1/packages/{id}"}
HOSTS = ("config.urls_salon", settings.PUBLIC_SCHEMA_URLCONF)


@pytest.fixture
def asked(monkeypatch):
    """`asked(urlconf)`: (what, its shape, the examples) of each address that takes a JSON body."""
    found = []
    describe = SalonAutoSchema.get_operation

    def noting(self, *args, **kwargs):
        operation = describe(self, *args, **kwargs)
        shape, body = self.get_request_serializer(), (operation or {}).get("requestBody")
        if body and not isinstance(shape, Nothing) and shape is not Nothing:
            shown = body["content"].get("application/json", {}).get("examples", {})
            found.append((f"{self.method} {self.path}", shape, {name: each["value"] for name, each in shown.items()}))
        return operation

    def of(urlconf):
        SchemaGenerator(urlconf=urlconf).get_schema(request=None, public=True)
        return found

    monkeypatch.setattr(SalonAutoSchema, "get_operation", noting)
    return of


@pytest.mark.parametrize("urlconf", HOSTS, ids=("salon", "platform"))
def test_every_body_has_an_example(asked, urlconf):
    without = {what for what, _, examples in asked(urlconf) if not examples}

    assert {what for what in without - SHOWN_WHERE_MADE if what.split()[1] not in LOOKS} == set()


@pytest.mark.parametrize("urlconf", HOSTS, ids=("salon", "platform"))
def test_every_example_is_taken_as_it_stands(asked, urlconf, salon, owner):
    refused = {
        (what, name): said
        for what, shape, examples in asked(urlconf)
        for name, body in examples.items()
        if (said := _refused(shape, body, salon, owner, is_part=what.startswith("PATCH ")))
    }

    assert refused == {}


def test_a_body_that_would_be_refused_is_found(salon, owner):
    @example("With a typing error", nmae="Anna Berg")
    class Wrong(StrictSerializer):
        pass

    assert _refused(Wrong, {"nmae": "Anna Berg"}, salon, owner, is_part=False) == {"nmae": ["This field is not known."]}


def _refused(shape, body, salon, owner, *, is_part):
    """What the shape says against the body; {} where it takes it."""
    request = RequestFactory().post("/")
    request.tenant, request.user = salon, owner
    kind = shape if isinstance(shape, type) else type(shape)
    some = {"some": True} if is_part and issubclass(kind, SomeOf) else {}
    try:
        kind(data=body, context={"request": request}, **some).is_valid(raise_exception=True)
    except ValidationError as exc:
        return exc.detail
    return {}
