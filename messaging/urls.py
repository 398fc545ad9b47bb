"""Only where mail does not leave the machine."""

from django.urls import path

from messaging.views import outbox as views

app_name = "outbox"
urlpatterns = [
    path("", views.outbox, name="list"),
    path("<str:name>/", views.sent_mail, name="mail"),
    path("<str:name>/html/", views.sent_html, name="html"),
    path("<str:name>/files/<int:number>/", views.sent_file, name="file"),
]
