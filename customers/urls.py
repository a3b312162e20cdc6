"""The public pages of this room: showing that one is the customer, and the prize draws."""

from django.urls import path

from customers import proof_views
from customers.draws import views as draws

app_name = "customers"
urlpatterns = [
    path("prove/", proof_views.ask, name="prove"),
    path("prove/code/", proof_views.give, name="prove_code"),
    path("prove/end/", proof_views.end, name="prove_end"),
    path("prize-draws/", draws.draws, name="draws"),
    path("prize-draws/<slug:code>/", draws.draw, name="draw"),
    path("prize-draws/<slug:code>/draw.json", draws.published_draw, name="published_draw"),
]
