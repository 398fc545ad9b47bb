"""Customers, under `/dashboard/customers/`; within the namespace `dashboard`."""

from django.urls import path

from dashboard.customers import views

urlpatterns = [
    path("", views.customers, name="customers"),
    path("add/", views.add, name="customer-add"),
    path("duplicates/", views.duplicates, name="customer-duplicates"),
    path("import/", views.import_customers, name="customers-import"),
    path("export/", views.export, name="customers-export"),
    path("<uuid:pk>/", views.customer, name="customer"),
    path("<uuid:pk>/change/", views.change, name="customer-change"),
    path("<uuid:pk>/notes/", views.add_note, name="customer-note"),
    path("<uuid:pk>/notes/<uuid:note_pk>/remove/", views.remove_note, name="customer-note-remove"),
    path("<uuid:pk>/allow/<uuid:suppression_pk>/", views.allow_messages, name="customer-allow"),
    path("<uuid:pk>/no-news/", views.withdraw_consent, name="customer-no-news"),
    path("<uuid:pk>/texts/", views.set_texts, name="customer-texts"),
    path("<uuid:pk>/merge/<uuid:other_pk>/", views.merge, name="customer-merge"),
    path("<uuid:pk>/erase/", views.erase, name="customer-erase"),
]
