from types import SimpleNamespace

import pytest
from django.http import Http404

from tenants import branding
from tenants.media import brand_css, media


@pytest.fixture
def salon_request(rf):
    def make(path="/", **data):
        request = rf.get(path, data)
        request.tenant = SimpleNamespace(schema_name="t_one", primary_color="#7c3f58", secondary_color="", font="serif")
        return request

    return make


@pytest.fixture
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    for path in (
        "t_one/branding/logo.webp",
        "t_two/branding/logo.webp",
        "t_one/note.html",
        "t_one_more/x.webp",
        "root.webp",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(b"bytes")


@pytest.mark.usefixtures("files")
def test_media_serves_the_salons_own_image_inertly(salon_request):
    response = media(salon_request(), "t_one/branding/logo.webp")

    assert b"".join(response.streaming_content) == b"bytes"
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    response.file_to_stream.close()


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    "path",
    [
        "t_two/branding/logo.webp",
        "t_one/../t_two/branding/logo.webp",
        "t_one/../t_one_more/x.webp",
        "t_one_more/x.webp",
        "../t_one/branding/logo.webp",
        "root.webp",
        "t_one/../root.webp",
        "t_one//root.webp",
        "t_one/missing.webp",
        "t_one/branding",
        "t_one/note.html",
        "t_one/nul\0.webp",
        "",
    ],
)
def test_media_refuses_everything_else(salon_request, path):
    with pytest.raises(Http404):
        media(salon_request(), path)


@pytest.mark.parametrize(("version", "cached"), [(True, True), (False, False)], ids=("current", "stale"))
def test_brand_css_is_cached_only_under_its_own_version(salon_request, version, cached):
    current = branding.version(primary="#7c3f58", secondary="", font="serif")

    response = brand_css(salon_request("/brand.css", v=current if version else "0123456789ab"))

    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert response.content.decode() == branding.stylesheet(primary="#7c3f58", secondary="", font="serif")
    assert ("immutable" in response["Cache-Control"]) is cached


@pytest.mark.parametrize("view", [brand_css, lambda request: media(request, "t_one/branding/logo.webp")])
def test_only_reading_is_allowed(salon_request, view):
    request = salon_request()
    request.method = "POST"

    assert view(request).status_code == 405
