"""The public pages of this room."""

from django.urls import path

from compliance.preferences import views, views_choices

app_name = "preferences"
urlpatterns = [
    path("marketing/", views.stop, name="stop"),
    path("marketing/stopped/<str:sealed>/", views.stopped, name="stopped"),
    # some mail programs drop the last slash, and no redirect keeps what is posted; the last of the
    # two is what our links are made from
    path("u/<str:token>", views.one_click_link, name="one_click"),
    path("u/<str:token>/", views.one_click_link, name="one_click"),
    path("your-choices/", views_choices.choices, name="choices"),
    path("your-choices/changed/<slug:reference>/", views_choices.changed, name="changed"),
]
