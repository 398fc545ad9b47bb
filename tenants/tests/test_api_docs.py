import pytest
import yaml
from django.core.management import call_command

from tenants.tests.api import NO_STATIC, Api, signed_in

pytestmark = NO_STATIC


def test_every_endpoint_is_described_without_a_warning(tmp_path):
    path = tmp_path / "schema.yml"

    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(path))

    described = yaml.safe_load(path.read_text())
    assert {"/auth/login", "/booking/create", "/api/v1/admin/bookings/{id}/refund"} <= set(described["paths"])
    assert described["components"]["securitySchemes"]["bearer"] == {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
    }
    assert described["components"]["securitySchemes"]["apiToken"]["bearerFormat"] == "tithi_…"
    assert {"apiToken": []} in described["paths"]["/api/v1/services"]["post"]["security"]
    for path, method in (
        ("/api/v1/api-tokens", "post"),
        ("/api/v1/admin/subscription/cancel", "post"),
        ("/auth/me", "get"),
    ):
        assert {"apiToken": []} not in described["paths"][path][method]["security"]


def test_the_docs_are_open_and_run_our_scripts_only(salon_client):
    page, schema = salon_client.get("/api/docs/"), salon_client.get("/api/schema/")

    assert (page.status_code, schema.status_code) == (200, 200)
    policy = page["Content-Security-Policy"].split("; ")
    assert "script-src 'self'" in policy
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert b"<script>" not in page.content


def test_the_docs_open_whatever_somebody_sends_to_sign_in(rosa):
    answer = Api(rosa, token="long.since.ended").get("/api/docs/")

    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/api/docs/", "/api/v1/notification-templates", "/api/v1/services"])
def test_asking_what_an_address_can_do_is_no_failure(path, rosa, owner):
    api = signed_in(rosa, owner)

    answer = api.client.options(path, headers=api._headers())

    assert answer.status_code == (405 if path == "/api/docs/" else 200)
    assert "actions" not in answer.text
