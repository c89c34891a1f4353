"""`manage.py first_administrator`: the first account of a pool, with a secret shown once."""

from django.core.management.base import BaseCommand, CommandError

from config.error_sentences import sentence
from config.errors import DomainError
from config.offices.models import Office, User
from config.sign_in.services.accounts import FIRST_ROLES, first_account_make


class Command(BaseCommand):
    help = (
        "Make the first administrator of a pool (accounts), or with --role security_officer the"
        " first security officer (roles). Nobody else can make these two."
    )

    def add_arguments(self, parser):
        parser.add_argument("--pool", required=True, help="code of the pool's office")
        parser.add_argument("--username", required=True)
        parser.add_argument("--full-name", required=True)
        parser.add_argument("--role", choices=FIRST_ROLES, default=FIRST_ROLES[0])

    def handle(self, *_args, **options):
        pool = Office.objects.filter(code=options["pool"], kind=Office.Kind.POOL).first()
        if pool is None:
            raise CommandError(f"There is no pool with the code {options['pool']!r}.")
        if User.objects.filter(username=options["username"]).exists():
            raise CommandError(f"The username {options['username']!r} is taken.")
        try:
            secret = first_account_make(
                pool, options["role"], options["username"], options["full_name"]
            )
        except DomainError as error:
            raise CommandError(sentence(error)) from error
        self.stdout.write(
            f"Username  {options['username']}\nSecret    {secret}\n"
            "The secret is shown this once. At the first sign-in it is replaced and a second"
            " factor is enrolled."
        )
