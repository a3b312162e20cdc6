"""The public pages of this room, read by anybody. No page here changes anything."""

from django.urls import path

from compliance.register import views

app_name = "register"
urlpatterns = [
    path("", views.home, name="home"),
    path("privacy/", views.notice, name="notice"),
    path("privacy/versions/", views.versions, name="versions"),
    path("privacy/versions/<int:number>/", views.version, name="version"),
    path("privacy/versions/<int:number>/changes/", views.changes, name="changes"),
    path("favicon.ico", views.favicon, name="favicon"),
]
