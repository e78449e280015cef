"""The avatars everybody has. They live in the code: nothing can rename or delete them."""

from uuid import NAMESPACE_URL, uuid5

from .avatar import Avatar

BORN = 1_767_225_600.0  # 1 January 2026
VARIANTS = {"Ada": "desk", "Mika": "window", "Lina": "plain"}


def _stock(name: str, variant: str) -> Avatar:
    return Avatar(
        id=str(uuid5(NAMESPACE_URL, f"greenroom-sandbox:{name}")),
        name=name,
        model="cara-4",
        created_at=BORN,
        updated_at=BORN,
        description=f"{name}, a drawn stock avatar of the sandbox.",
        tags=("drawn", "stock", variant),
        style="illustrated",
        variant=variant,
        organization=None,
    )


STOCK = {avatar.id: avatar for avatar in (_stock(*pair) for pair in VARIANTS.items())}
