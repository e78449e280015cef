"""Django's admin as an app, with our site. Apart, because sites can't be imported this early."""

from django.contrib.admin.apps import AdminConfig


class BackOfficeConfig(AdminConfig):
    default_site = "dashboard.operations.back_office.BackOffice"
