"""The public pages of the prize draws."""

from django.urls import path

from customers.draws import views

app_name = "draws"
urlpatterns = [
    path("prize-draws/", views.draws, name="draws"),
    path("prize-draws/<slug:code>/", views.draw, name="draw"),
    path("prize-draws/<slug:code>/draw.json", views.published_draw, name="published_draw"),
]
