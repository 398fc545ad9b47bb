"""Found by allauth beside the provider. Other hosts answer 404 (`accounts.middleware.GoogleMiddleware`)."""

from django.urls import path

from accounts.google import views

urlpatterns = [
    path("google/login/", views.login, name="google_login"),
    path("google/login/callback/", views.callback, name="google_callback"),
]
