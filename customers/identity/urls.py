"""The public pages on which a visitor shows that they are the customer."""

from django.urls import path

from customers.identity import views

app_name = "identity"
urlpatterns = [
    path("prove/", views.ask, name="prove"),
    path("prove/code/", views.give, name="prove_code"),
    path("prove/end/", views.end, name="prove_end"),
]
