"""The 24-hour clock; days as Django writes them."""

TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j M Y, H:i"
