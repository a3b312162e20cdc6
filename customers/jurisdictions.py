"""The nations whose law and bank holidays may count for a customer. No model here."""

from django.db import models


class Jurisdiction(models.TextChoices):
    """The law of the customer's home; also the bank-holiday calendar that letters may need."""

    ENGLAND_AND_WALES = "england-and-wales", "England and Wales"
    SCOTLAND = "scotland", "Scotland"
    NORTHERN_IRELAND = "northern-ireland", "Northern Ireland"
