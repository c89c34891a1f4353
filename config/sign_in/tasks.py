"""What is tidied every night."""

from celery import shared_task

from config.sign_in.services.accounts import dormant_accounts_close
from config.sign_in.tries import forget_old


@shared_task
def tidy() -> None:
    """Close dormant accounts and forget tries nobody counts any more."""
    dormant_accounts_close()
    forget_old()
