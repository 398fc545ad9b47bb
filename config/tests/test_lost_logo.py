"""A salon whose logo's file is gone, or is no picture any more, keeps its pages: its name stands where the logo stood."""

from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import default_storage

from config.views import server_error
from tenants import media_services
from tenants.models import Business
from tenants.tests.api import NO_STATIC
from tenants.tests.pictures import png

pytestmark = NO_STATIC


def gone(path):
    path.unlink()


def spoiled(path):
    path.write_bytes(b"not a picture")


@pytest.fixture(autouse=True)
def _logo(salon, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    media_services.set_logo(business=salon, image=png())


def lose(business, how):
    how(Path(default_storage.path(business.logo.name)))


@pytest.mark.parametrize("how", [gone, spoiled])
@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/dashboard/", 200), ("/nothing/here/", 404)])
def test_every_page_shows_the_name_instead(salon, owner, client_for, path, status, how):
    client = client_for(salon, owner)
    assert salon.logo.url in client.get(path).text
    lose(salon, how)

    response = client.get(path)

    assert response.status_code == status
    assert salon.name in response.text
    assert salon.logo.url not in response.text


@pytest.mark.parametrize("how", [gone, spoiled])
def test_the_page_for_our_mistakes_shows_the_name_instead(salon, rf, how):
    lose(salon, how)
    request = rf.get("/", headers={"host": salon.host})
    request.tenant, request.user = Business.objects.get(pk=salon.pk), AnonymousUser()

    response = server_error(request)

    assert response.status_code == 500
    assert salon.name in response.text


@pytest.mark.parametrize("how", [gone, spoiled])
def test_a_new_logo_takes_the_place_of_a_lost_one(salon, how):
    lose(salon, how)

    media_services.set_logo(business=salon, image=png("#2f6690"))

    assert Business.objects.get(pk=salon.pk).shown_logo.width == 40
