"""Links to the help, in templates."""

from django import template

from avatars.help_pages import photo_page

register = template.Library()
register.filter("photo_page", photo_page)
