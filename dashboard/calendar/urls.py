"""Below `/dashboard/calendar/`."""

from django.urls import path

from dashboard.calendar import blocks, moving, views

urlpatterns = [
    path("", views.calendar, name="calendar"),
    path("events", views.events, name="calendar-events"),
    path("drop", moving.drop, name="calendar-drop"),
    path("<uuid:pk>/move/", moving.move, name="calendar-move"),
    path("<uuid:pk>/length/", moving.length, name="calendar-length"),
    path("<uuid:pk>/undo/", moving.undo, name="calendar-undo"),
    path("blocks/new/", blocks.new, name="calendar-block-new"),
    path("blocks/put-back/", blocks.put_back, name="calendar-block-put-back"),
    path("blocks/<uuid:pk>/", blocks.block, name="calendar-block"),
    path("blocks/<uuid:pk>/remove/", blocks.remove, name="calendar-block-remove"),
]
