"""Webhooks and what they were told, without what signs it."""

from typing import Any, ClassVar

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from avatars.models import Delivery, Topic, Webhook
from avatars.views.delivery_log import about, words_of

from .reading import LATEST, Beside, Shown


class Deliveries(Beside[Delivery, Webhook]):
    model = Delivery
    verbose_name_plural = f"what it was told, the latest {LATEST} first"
    fields = readonly_fields = ("happened_at", "about", "avatar", "words", "due_at", "ended_at")
    ordering = ("-created_at", "-id")
    show_change_link = True

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("avatar")

    @admin.display(description="about")
    def about(self, delivery: Delivery) -> str:
        return about(delivery)

    @admin.display(description="how it stands")
    def words(self, delivery: Delivery) -> str:
        return words_of(delivery)


@admin.register(Webhook)
class WebhookAdmin(Shown[Webhook]):
    group: ClassVar = "Programs"
    list_display = ("url", "is_active", "topics_words", "created_by", "created_at", "deleted_at")
    list_filter = ("is_active", ("deleted_at", admin.EmptyFieldListFilter))
    list_select_related = ("created_by",)
    search_fields = ("url",)
    inlines = (Deliveries,)
    fields: ClassVar = (
        "url",
        "topics_words",
        "is_active",
        "created_at",
        "created_by",
        "busy_until",
        "deleted_at",
    )

    def view_on_site(self, webhook: Webhook) -> str:
        return reverse("webhooks" if webhook.deleted_at else "webhook", args=_place(webhook))

    @admin.display(description="hears of")
    def topics_words(self, webhook: Webhook) -> str:
        return ", ".join(Topic(topic).label for topic in webhook.topics if topic in Topic)


@admin.register(Delivery)
class DeliveryAdmin(Shown[Delivery]):
    group: ClassVar = "Programs"
    list_display = ("happened_at", "about", "avatar", "webhook", "words", "due_at", "ended_at")
    list_filter = (
        "state",
        "topic",
        ("happened_at", admin.DateFieldListFilter),
        ("webhook", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("webhook", "avatar")
    search_fields = ("webhook__url", "avatar__display_name", "=avatar__id", "=id")
    fields: ClassVar = (
        "webhook",
        "about",
        "avatar",
        "happened_at",
        "words",
        "tries_words",
        "due_at",
        "ended_at",
        "id",
    )

    def view_on_site(self, delivery: Delivery) -> str:
        webhook = delivery.webhook
        return reverse("webhooks" if webhook.deleted_at else "webhook", args=_place(webhook))

    @admin.display(description="about")
    def about(self, delivery: Delivery) -> str:
        return about(delivery)

    @admin.display(description="how it stands")
    def words(self, delivery: Delivery) -> str:
        return words_of(delivery)

    @admin.display(description="tries")
    def tries_words(self, delivery: Delivery) -> SafeString | str:
        tries = [(t["at"], t["status"] or "no answer", t["said"]) for t in delivery.tries]
        return format_html_join(SafeString("<br>"), "{}: {} {}", tries) if tries else "None yet."


def _place(webhook: Webhook) -> list[int]:
    return [] if webhook.deleted_at else [webhook.pk]
