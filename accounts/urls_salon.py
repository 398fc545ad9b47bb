"""On a salon's host."""

from django.urls import include, path

from accounts.views import entries

urlpatterns = [
    path("sessions/", include("accounts.urls_sign_ins")),
    path("enter/", entries.enter, name="enter"),
]
