from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "compliance.portal"
    verbose_name = "The public pages"

    def ready(self) -> None:
        """The public pages in the navigation and in the notice, and what looks for work whose job
        was lost."""
        from compliance.portal import intake
        from compliance.portal.case_codes import CASE
        from compliance.register.pages import Page, add
        from customers.identity import subjects, visits
        from jobs import lost_jobs

        subjects.register(CASE)
        lost_jobs.register(intake.retry_lost_jobs)
        add(
            Page(
                "Your data",
                "portal:start",
                "Ask for your data, have it corrected, erased or moved, object, or "
                "complain: a short form for each. You need no account.",
                in_notice="your-rights",
                main=True,
            )
        )
        add(
            Page(
                "My data",
                "portal:my_data",
                "See what we hold about you, why, until when and who has received it, and "
                "put your contact details right. We send you a one-time code first.",
                in_notice="your-rights",
            )
        )
        add(
            Page(
                "Follow a request",
                "portal:status",
                "See where it stands, answer us, or take it back.",
                in_notice="your-rights",
                main=True,
            )
        )
        add(
            Page(
                "Which agencies we asked",
                "portal:ask",
                "Ask which credit reference agencies we asked about you.",
                in_notice="credit-reference-agencies",
                args=("agencies",),
            )
        )
        add(
            Page(
                "A person for a credit decision",
                "portal:ask",
                "Have a person look afresh at a decision by computer.",
                in_notice="decisions",
                args=("decision",),
            )
        )
        add(
            Page(
                "Complain",
                "portal:ask",
                "Tell us what went wrong, about your data or about credit.",
                in_notice="complaints",
                args=("complain",),
            )
        )
        visits.lead_to(
            visits.Place(
                "My data",
                "portal:my_data",
                "See what we hold about you, why, until when and who has "
                "received it, and put your contact details right.",
            ),
            first=True,
        )
        visits.lead_to(
            visits.Place(
                "Your requests", "portal:mine", "See where each stands, answer us, or take it back."
            )
        )
        visits.lead_to(
            visits.Place(
                "Ask for something",
                "portal:start",
                "Have your data corrected or deleted, object, or "
                "complain, without saying again who you are.",
            )
        )
