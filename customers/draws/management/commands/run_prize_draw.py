from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils import timezone

from audit.actions import Refused
from audit.events import job
from customers.draws import draw_actions
from customers.draws.models import DrawEvidence, PrizeDraw


class Command(BaseCommand):
    help = (
        "Draw the winners of a closed prize draw, fairly and so that anybody can check it; keep "
        "the evidence and write to "
        "the winners. Run again, it prints the same result and changes nothing. --dry-run says "
        "what it would draw from and "
        "never who would win: a draw that could be tried out could be repeated until it pleases. "
        "Exit code 0: drawn; 1: "
        "nobody is in the draw; 2: there is no such draw, it is still open, or it cannot be "
        "drawn here; 3: the database is "
        "away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="the draw's code")
        parser.add_argument(
            "--winners", type=int, metavar="N", help="how many win, where no published terms say so"
        )
        parser.add_argument("--dry-run", action="store_true", help="check everything, draw nothing")

    def handle(
        self, *args: Any, code: str, winners: int | None, dry_run: bool, **options: Any
    ) -> None:
        now = timezone.now()
        try:
            draw = PrizeDraw.objects.get(code=code)
            made = DrawEvidence.objects.filter(draw=draw).first()
            if dry_run and made is None:
                self._previewed(draw, draw_actions.preview(draw, winners=winners, now=now))
            else:
                evidence = made or draw_actions.run(
                    draw, winners=winners, by=job("run_prize_draw"), now=now
                )
                self._drawn(draw, evidence)
        except PrizeDraw.DoesNotExist:
            known = ", ".join(PrizeDraw.objects.values_list("code", flat=True)[:20]) or "none"
            raise CommandError(
                f"There is no prize draw {code!r}. On record: {known}.", returncode=2
            ) from None
        except draw_actions.NoEntries as nobody:
            raise CommandError(str(nobody), returncode=1) from None
        except Refused as refused:
            raise CommandError(str(refused), returncode=2) from None
        except OperationalError:
            raise CommandError(
                "The database is away. All was drawn or nothing: run this again.", returncode=3
            ) from None

    def _previewed(self, draw: PrizeDraw, found: draw_actions.DrawPreview) -> None:
        self.stdout.write(
            f"{draw.name} ({draw.code}) is ready to be drawn. Nothing was changed.\n"
            f"  entries       {len(found.tickets):,}\n  winners       {found.winners:,}\n"
            f"  commitment    {draw.commitment}\n  entries list  {found.entries_digest}"
        )

    def _drawn(self, draw: PrizeDraw, evidence: DrawEvidence) -> None:
        """The result, the same at every run."""
        self.stdout.write(
            f"{draw.name} ({draw.code}), drawn on "
            f"{timezone.localtime(evidence.at):%-d %B %Y at %H:%M:%S}\n"
            f"  entries       {evidence.entries:,}\n  method        {evidence.algorithm}\n"
            f"  commitment    {evidence.commitment}\n  seed          {evidence.seed}\n"
            f"  entries list  {evidence.entries_digest}"
        )
        for title, tickets in (("Winners", evidence.winners), ("Reserves", evidence.reserves)):
            self.stdout.write(f"{title}" if tickets else f"{title}: none")
            for place, ticket in enumerate(tickets, start=1):
                self.stdout.write(f"  {place:>3}  {ticket}")
