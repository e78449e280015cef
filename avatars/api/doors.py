"""The one router of the gateway: calls of one path have to share it."""

from ninja import Router

router = Router()
