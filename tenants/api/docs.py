"""The API's description, and a page to read it with."""

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.conf import settings
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

schema = SpectacularAPIView.as_view()
platform_schema = SpectacularAPIView.as_view(urlconf=settings.PUBLIC_SCHEMA_URLCONF)


def _page(of):
    """A page for everybody that reads nothing: what a caller sends to sign in is not looked at, as it would be refused
    in a page's own words, which there are none of.

    Swagger's page carries its own styles. Scripts stay ours: the split view serves them from an address of their own.
    """
    page = SpectacularSwaggerSplitView.as_view(
        url_name=of, authentication_classes=[], http_method_names=["get", "head"]
    )
    return csp_update({"style-src": [UNSAFE_INLINE]})(page)


docs, platform_docs = _page("schema"), _page("platform-schema")
