"""Where Twilio finds us, on the platform's host."""

from django.urls import path

from messaging import text_views

app_name = "texts"
urlpatterns = [
    path("inbound/", text_views.inbound, name="inbound"),
    path("status/<str:token>/", text_views.status, name="status"),
]
