"""The owner's pages about plan and Stripe account, on the platform's host."""

from django.urls import path

from payments.connect import views as connect
from payments.subscriptions import views

app_name = "billing"
urlpatterns = [
    path("", views.index, name="index"),
    path("<uuid:business>/", views.salon, name="salon"),
    path("<uuid:business>/start/", views.start, name="start"),
    path("<uuid:business>/activate/", views.activate, name="activate"),
    path("<uuid:business>/pause/", views.pause, name="pause"),
    path("<uuid:business>/resume/", views.resume, name="resume"),
    path("<uuid:business>/cancel/", views.cancel, name="cancel"),
    path("<uuid:business>/keep/", views.keep, name="keep"),
    path("<uuid:business>/card/", views.card, name="card"),
    path("<uuid:business>/card/<str:page_id>/", views.card_left, name="card-left"),
    path("<uuid:business>/portal/", views.portal, name="portal"),
    path("<uuid:business>/connect/", connect.start, name="connect"),
    path("<uuid:business>/connect/return/", connect.came_back, name="connect-return"),
    path("<uuid:business>/connect/refresh/", connect.go_on, name="connect-refresh"),
]
