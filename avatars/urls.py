"""The avatars' addresses. `<id>` is ours, a UUID; the vendor's ids never stand in an address."""

from django.urls import include, path

from .api import gateway
from .views import (
    avatar,
    changing,
    gallery,
    media,
    review,
    status,
    stocktake,
    upload,
    webhook_changes,
    webhooks,
)

urlpatterns = [
    path("", gallery.gallery, name="gallery"),
    path("upload", upload.upload, name="upload"),
    path("review", review.queue, name="review"),
    path("status", status.status, name="status"),
    path("status/look", status.look, name="status-look"),
    path("stocktake", stocktake.stocktake, name="stocktake"),
    path("stocktake/take", stocktake.take, name="stocktake-take"),
    path("stocktake/all", stocktake.settle_all, name="stocktake-settle-all"),
    path("stocktake/<int:difference_id>", stocktake.settle, name="stocktake-settle"),
    path("webhooks", webhooks.webhooks, name="webhooks"),
    path("webhooks/add", webhooks.add, name="webhook-add"),
    path("webhooks/<int:webhook_id>", webhooks.webhook, name="webhook"),
    path("webhooks/<int:webhook_id>/change", webhook_changes.change, name="webhook-change"),
    path("webhooks/<int:webhook_id>/act", webhook_changes.act, name="webhook-act"),
    path("webhooks/<int:webhook_id>/remove", webhook_changes.remove, name="webhook-remove"),
    path(
        "webhooks/<int:webhook_id>/deliveries/<uuid:delivery_id>/resend",
        webhook_changes.resend,
        name="webhook-resend",
    ),
    path("avatars/<uuid:avatar_id>", avatar.avatar, name="avatar"),
    path("avatars/<uuid:avatar_id>/progress", avatar.progress, name="avatar-progress"),
    path("avatars/<uuid:avatar_id>/again", avatar.again, name="avatar-again"),
    path("avatars/<uuid:avatar_id>/review", avatar.decide, name="avatar-review"),
    path("avatars/<uuid:avatar_id>/choose", avatar.choose, name="avatar-choose"),
    path("avatars/<uuid:avatar_id>/rename", changing.rename, name="avatar-rename"),
    path("avatars/<uuid:avatar_id>/remove", changing.remove, name="avatar-remove"),
    path("avatars/<uuid:avatar_id>/restore", changing.restore, name="avatar-restore"),
    path("avatars/<uuid:avatar_id>/remove-now", changing.remove_now, name="avatar-remove-now"),
    path("avatars/<uuid:avatar_id>/erase", changing.erase, name="avatar-erase"),
    path("avatars/<uuid:avatar_id>/video", media.video, name="avatar-video"),
    path("avatars/<uuid:avatar_id>/still", media.still, name="avatar-still"),
    path(
        "avatars/<uuid:avatar_id>/thumbnails/<slug:digest>/<int:width>.webp",
        media.thumbnail,
        name="avatar-thumbnail",
    ),
    path("links/<str:text>", media.linked, name="linked"),
    path("v1/", include((gateway.patterns(), "gateway"))),
    path("rehearsal/media/<path:path>", media.rehearsal, name="rehearsal-media"),
]
