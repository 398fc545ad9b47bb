"""The booking site, on a salon's host."""

from django.urls import include, path

from bookings import views

patterns = [
    path("", views.home, name="home"),
    path("book/<uuid:service>/", views.times, name="times"),
    path("book/family/", views.family, name="family"),
    path("book/family/start/", views.family_start, name="family-start"),
    path("book/family/add/", views.family_add, name="family-add"),
    path("book/family/remove/", views.family_remove, name="family-remove"),
    path("book/done/<str:token>/", views.done, name="done"),
    path("b/<str:token>/", views.manage, name="manage"),
    path("b/<str:token>/reschedule/", views.reschedule, name="reschedule"),
    path("b/<str:token>/cancel/", views.cancel, name="cancel"),
    path("b/<str:token>/calendar.ics", views.calendar, name="calendar"),
    path("b/<str:token>/family.ics", views.family_calendar, name="family-calendar"),
    path("b/<str:token>/family/cancel/", views.family_cancel, name="family-cancel"),
    path("share.png", views.share_picture, name="share-picture"),
    path("embed.js", views.embed_script, name="embed-script"),
]

urlpatterns = [
    path("", include((patterns, "bookings"))),
    # Where both hosts agree on a name: allauth and error pages lead `home`.
    path("", views.home, name="home"),
]
