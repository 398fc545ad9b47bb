"""Memberships for customers, on a salon's host. What lies below `/m/` stays open in a salon that is closed."""

from django.urls import path

from memberships import views

app_name = "memberships"
urlpatterns = [
    path("memberships/", views.plans, name="plans"),
    path("memberships/<uuid:plan>/", views.join, name="join"),
    path("m/<str:token>/", views.mine, name="mine"),
    path("m/<str:token>/card/", views.card, name="card"),
    path("m/<str:token>/card/<str:page_id>/", views.card_left, name="card-left"),
    path("m/<str:token>/book/", views.book, name="book"),
    path("m/<str:token>/end/", views.end, name="end"),
    path("m/<str:token>/keep/", views.keep, name="keep"),
]
