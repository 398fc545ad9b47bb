"""The wizard, on the platform's host. One address a step."""

from django.urls import path

from onboarding.views import business, location

app_name = "onboarding"
urlpatterns = [
    path("", business.index, name="index"),
    path("business/", business.business, name="business"),
    path("address/", business.address, name="address"),
    path("address/check/", business.check_address, name="check-address"),
    path("location/", location.location, name="location"),
]
