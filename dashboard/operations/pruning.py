"""What is worth nothing once it is over."""

from django.core.management import call_command


def prune_finished_tasks() -> None:
    """Forget wake-ups of more than a day ago: what they did stands in the avatars' own record."""
    call_command("prune_db_task_results", queue_name="*", min_age_days=1, verbosity=0)
