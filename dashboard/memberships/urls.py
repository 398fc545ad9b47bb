"""Below `/dashboard/memberships/`."""

from django.urls import path

from dashboard.memberships import views

urlpatterns = [
    path("memberships/", views.members, name="memberships"),
    path("memberships/plans/", views.plans, name="membership-plans"),
    path("memberships/plans/add/", views.add, name="membership-plan-add"),
    path("memberships/plans/<uuid:pk>/", views.change, name="membership-plan"),
    path("memberships/<uuid:pk>/", views.member, name="membership"),
    path("memberships/<uuid:pk>/end/", views.end, name="membership-end"),
    path("memberships/<uuid:pk>/keep/", views.keep, name="membership-keep"),
    path("memberships/<uuid:pk>/months/<uuid:grant>/refund/", views.refund, name="membership-refund"),
]
