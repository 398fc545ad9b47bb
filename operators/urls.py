"""On the platform's host: the operators' admin, and an owner's page about support."""

from django.urls import path

from operators import views
from operators.admin import site

urlpatterns = [
    path("operators/", site.urls),
    path("businesses/<uuid:business_id>/support/", views.support, name="salon-support"),
    path("businesses/<uuid:business_id>/support/<uuid:access_id>/end/", views.end_support, name="salon-support-end"),
]
