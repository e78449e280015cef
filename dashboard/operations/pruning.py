"""What is worth nothing once it is over."""

from datetime import timedelta

from django.core.management import call_command
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult


def prune_finished_tasks() -> None:
    """Forget wake-ups of more than a day ago: what they did stands in the avatars' own record.

    Those of killed workers say for ever that they run; no task of ours runs for a day.
    """
    call_command("prune_db_task_results", queue_name="*", min_age_days=1, verbosity=0)
    yesterday = timezone.now() - timedelta(days=1)
    cut_off = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
    cut_off.filter(started_at__lt=yesterday).delete()
