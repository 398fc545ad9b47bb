"""Profile and credits, on the platform's host. Programs' addresses have no slash at the end."""

from django.urls import path

from payments.credits import api, views

app_name = "credits"
urlpatterns = [
    path("profile", api.profile, name="profile"),
    path("dashboard", api.dashboard, name="dashboard"),
    path("public-data", api.public_data, name="public-data"),
    path("credits/checkout", api.checkout, name="checkout"),
    path("credits/", views.page, name="page"),
    path("credits/start/", views.start, name="start"),
    path("credits/buy/", views.buy, name="buy"),
    path("credits/<uuid:purchase>/", views.bought, name="bought"),
    path("credits/<uuid:purchase>/invoice/", views.invoice, name="invoice"),
]
