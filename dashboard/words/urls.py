"""Below `/dashboard/settings/words/`."""

from django.urls import path

from dashboard.words import views

page = "<slug:language>/<slug:trigger>/<slug:channel>/"
urlpatterns = [
    path("", views.occasions, name="words"),
    path("languages/", views.speaking, name="words-languages"),
    path("visits/", views.visits, name="words-visits"),
    path("look/<uuid:key>/", views.mail, name="words-mail"),
    path("<slug:language>/", views.occasions, name="words-in"),
    path(page, views.editor, name="words-text"),
    path(f"{page}preview/", views.preview, name="words-preview"),
    path(f"{page}test/", views.test, name="words-test"),
    path(f"{page}reset/", views.reset, name="words-reset"),
]
