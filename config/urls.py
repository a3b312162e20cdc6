"""Every address of the portal."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("customers.identity.urls")),
    path("", include("customers.draws.urls")),
    path("", include("compliance.portal.urls")),
    path("", include("compliance.cookies.urls")),
    path("", include("compliance.preferences.urls")),
    path("", include("compliance.register.urls")),
]

handler400 = "config.odd_requests.bad_request"
