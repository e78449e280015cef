"""A request behind the login: every view is, unless it says otherwise."""

from django.http import HttpRequest

from .models import User


class SignedInRequest(HttpRequest):
    """For type checks only; at run time it is Django's own request."""

    user: User
