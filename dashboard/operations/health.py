"""For load balancers and containers: alive, and ready to work."""

from django.contrib.auth.decorators import login_not_required
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@login_not_required
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all; it touches nothing else."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@login_not_required
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when database and storage work, 503 naming the part that doesn't, and no more."""
    parts = {"database": _database_is_ready(), "storage": _storage_is_ready()}
    status = 200 if all(parts.values()) else 503
    return JsonResponse(
        {name: "ok" if good else "failing" for name, good in parts.items()}, status=status
    )


def _database_is_ready() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _storage_is_ready() -> bool:
    try:
        name = default_storage.save("readyz", ContentFile(b"ok"))
        default_storage.delete(name)
    except OSError:
        return False
    return True
