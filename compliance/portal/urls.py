"""The public pages of this room: asking, following what was asked, and what we hold."""

from django.urls import path

from compliance.outcomes.public import fetch_copy
from compliance.portal import views, views_case, views_status
from compliance.portal.my_data import views as my_data
from compliance.portal.my_data import views_contact

app_name = "portal"
urlpatterns = [
    path("your-data/", views.start, name="start"),
    path("your-data/received/<str:sealed>/", views.received, name="received"),
    path("your-data/status/", views_status.status, name="status"),
    path("your-data/status/code/", views_status.status_code, name="status_code"),
    path("your-data/status/end/", views_status.end, name="status_end"),
    path("your-data/requests/", views_case.mine, name="mine"),
    path("your-data/requests/<slug:reference>/", views_case.case, name="case"),
    path("your-data/requests/<slug:reference>/add/", views_case.add, name="add"),
    path("your-data/requests/<slug:reference>/withdraw/", views_case.withdraw, name="withdraw"),
    path("your-data/requests/<slug:reference>/mine/", views_case.claim, name="claim"),
    path("your-data/requests/<slug:reference>/file/", fetch_copy, name="fetch_copy"),
    path("your-data/requests/<slug:reference>/again/", views_case.again, name="ask_for_copy"),
    path("your-data/<slug:slug>/", views.ask, name="ask"),
    path("my-data/", my_data.overview, name="my_data"),
    path("my-data/copy/", my_data.ask_copy, name="my_copy"),
    path("my-data/contact/", views_contact.details, name="my_contact"),
    path("my-data/contact/add/<slug:kind>/", views_contact.add, name="my_contact_add"),
    path("my-data/contact/code/", views_contact.prove, name="my_contact_code"),
    path("my-data/contact/<int:pk>/", views_contact.change, name="my_contact_change"),
    path("my-data/records/<slug:name>/", my_data.records, name="my_records"),
]
