"""Wake-ups that are worth nothing any more."""

from datetime import timedelta
from typing import Any

import pytest
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from avatars.tasks import send_due
from dashboard.operations.pruning import prune_finished_tasks

pytestmark = pytest.mark.django_db


def wake_up(status: TaskResultStatus, *, days: int) -> Any:
    task = DBTaskResult.objects.get(pk=send_due.enqueue().id)
    moment = timezone.now() - timedelta(days=days)
    DBTaskResult.objects.filter(pk=task.pk).update(
        status=status, started_at=moment, finished_at=moment
    )
    return task


def test_what_is_over_is_forgotten_after_a_day_and_so_is_what_a_killed_worker_left() -> None:
    wake_up(TaskResultStatus.SUCCESSFUL, days=2)
    wake_up(TaskResultStatus.RUNNING, days=2)
    kept = [
        wake_up(TaskResultStatus.SUCCESSFUL, days=0),
        wake_up(TaskResultStatus.RUNNING, days=0),
        wake_up(TaskResultStatus.READY, days=2),
    ]
    prune_finished_tasks()
    assert set(DBTaskResult.objects.all()) == set(kept)
