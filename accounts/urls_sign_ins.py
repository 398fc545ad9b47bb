"""On every host: a person's sign-ins are one list."""

from django.urls import path

from accounts.views import sign_ins

urlpatterns = [
    path("", sign_ins.sign_ins, name="account-sessions"),
    path("end-others/", sign_ins.end_others, name="account-sessions-end-others"),
    path("<uuid:pk>/end/", sign_ins.end, name="account-session-end"),
]
