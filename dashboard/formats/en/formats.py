"""Dates and times as our own pages have them, for Django's admin: 24 hours, no "p.m."."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y, H:i"
