"""When a draw can be entered: days are London days, and the closing day counts to its end."""

import datetime

from django.utils.formats import date_format

from customers.draws.models import LONDON, PrizeDraw


def london_day(moment: datetime.datetime) -> datetime.date:
    """The London day of an aware moment."""
    return moment.astimezone(LONDON).date()


def why_closed(draw: PrizeDraw, at: datetime.datetime) -> str:
    """Why a draw cannot be entered at a moment, in words fit to show; empty while it can."""
    today = london_day(at)
    if today < draw.opens_on:
        return f"This draw is not open yet. It opens on {date_format(draw.opens_on, 'j F Y')}."
    if today > draw.closes_on:
        return f"This draw closed at the end of {date_format(draw.closes_on, 'j F Y')} (UK time)."
    return ""
