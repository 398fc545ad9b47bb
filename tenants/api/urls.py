"""Accounts; included under `auth/` on both kinds of host."""

from django.urls import path

from tenants.api import auth_views as views
from tenants.api import schema  # noqa: F401 -- describes our login to drf-spectacular

app_name = "auth"
urlpatterns = [
    path("register", views.register, name="register"),
    path("login", views.login, name="login"),
    path("logout", views.logout, name="logout"),
    path("refresh", views.refresh, name="refresh"),
    path("forgot-password", views.forgot_password, name="forgot-password"),
    path("reset-password", views.reset_password, name="reset-password"),
    path("me", views.me, name="me"),
]
