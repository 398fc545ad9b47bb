"""The API's description, and a page to read it with."""

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.conf import settings
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

schema = SpectacularAPIView.as_view()
# Swagger's page carries its own styles. Scripts stay ours: the split view serves them from an address of their own.
platform_schema = SpectacularAPIView.as_view(urlconf=settings.PUBLIC_SCHEMA_URLCONF)
docs = csp_update({"style-src": [UNSAFE_INLINE]})(SpectacularSwaggerSplitView.as_view(url_name="schema"))
platform_docs = csp_update({"style-src": [UNSAFE_INLINE]})(
    SpectacularSwaggerSplitView.as_view(url_name="platform-schema")
)
