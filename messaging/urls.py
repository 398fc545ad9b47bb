"""Only where mail does not leave the machine."""

from django.urls import path

from messaging import views

app_name = "outbox"
urlpatterns = [
    path("", views.outbox, name="list"),
    path("<str:name>/", views.sent_mail, name="mail"),
    path("<str:name>/html/", views.sent_html, name="html"),
]
