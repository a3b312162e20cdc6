"""The nations as the choices of a field (see `nations`). No model here."""

from django.db import models

from customers import nations
from customers.nations import JURISDICTIONS


class Jurisdiction(models.TextChoices):
    """The law of the customer's home; also the bank-holiday calendar that letters may need."""

    ENGLAND_AND_WALES = nations.ENGLAND_AND_WALES, JURISDICTIONS[nations.ENGLAND_AND_WALES]
    SCOTLAND = nations.SCOTLAND, JURISDICTIONS[nations.SCOTLAND]
    NORTHERN_IRELAND = nations.NORTHERN_IRELAND, JURISDICTIONS[nations.NORTHERN_IRELAND]
