"""The public pages of this room."""

from django.urls import path

from compliance.cookies import views

app_name = "cookies"
urlpatterns = [
    path("cookies/", views.choices, name="choices"),
    path("cookies/answer/", views.answer, name="answer"),
    path(".well-known/gpc.json", views.support, name="gpc"),
]
