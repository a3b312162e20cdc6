"""The public pages of this room: asking, following what was asked, and what we hold."""

from django.urls import path

from compliance.portal import public_views as views
from compliance.portal import public_views_status as following
from compliance.outcomes.public import fetch_copy
from compliance.portal.my_data import views as my_data
from compliance.portal.my_data import views_contact as contact

app_name = "portal"
urlpatterns = [
    path("your-data/", views.start, name="start"),
    path("your-data/received/<str:sealed>/", views.received, name="received"),
    path("your-data/status/", following.status, name="status"),
    path("your-data/status/code/", following.status_code, name="status_code"),
    path("your-data/status/end/", following.end, name="status_end"),
    path("your-data/requests/", following.mine, name="mine"),
    path("your-data/requests/<slug:reference>/", following.case, name="case"),
    path("your-data/requests/<slug:reference>/add/", following.add, name="add"),
    path("your-data/requests/<slug:reference>/withdraw/", following.withdraw, name="withdraw"),
    path("your-data/requests/<slug:reference>/mine/", following.claim, name="claim"),
    path("your-data/requests/<slug:reference>/file/", fetch_copy, name="fetch_copy"),
    path("your-data/<slug:slug>/", views.ask, name="ask"),
    path("my-data/", my_data.overview, name="my_data"),
    path("my-data/copy/", my_data.ask_copy, name="my_copy"),
    path("my-data/contact/", contact.details, name="my_contact"),
    path("my-data/contact/add/<slug:kind>/", contact.add, name="my_contact_add"),
    path("my-data/contact/code/", contact.prove, name="my_contact_code"),
    path("my-data/contact/<int:pk>/", contact.change, name="my_contact_change"),
    path("my-data/records/<slug:name>/", my_data.records, name="my_records"),
]
