"""How dates and times are written where Django's own form is not the one that people here read."""
