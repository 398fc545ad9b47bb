"""The owner's pages about plan and Stripe account, on the platform's host."""

from django.urls import path

from payments.connect import views as connect
from payments.subscriptions import views

app_name = "billing"
urlpatterns = [
    path("", views.index, name="index"),
    path("<uuid:business>/", views.salon, name="salon"),
    path("<uuid:business>/connect/", connect.start, name="connect"),
    path("<uuid:business>/connect/return/", connect.came_back, name="connect-return"),
    path("<uuid:business>/connect/refresh/", connect.go_on, name="connect-refresh"),
]
