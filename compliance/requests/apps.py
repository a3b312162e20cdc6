from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "compliance.requests"
    verbose_name = "Rights requests"

    def ready(self) -> None:
        from accounts import desk, roles
        from compliance.disclosures.demo import scenes
        from compliance.requests import alerts, checks, demo  # noqa: F401  registers the check
        from compliance.requests.desk import figures
        from compliance.requests.effects import joining

        joining.join()
        scenes.register(demo.scene)
        self._public()
        desk.register_alert(figures.urgent)
        desk.register_alert(figures.unreminded)
        desk.register_alert(alerts.calendar)
        for role in (roles.CARE_AGENT, roles.DATA_PROTECTION_LEAD):
            roles.grant(role, "requests.view_proclaimedday", "requests.view_confirmedyear")
        for role in (roles.CARE_AGENT, roles.DATA_PROTECTION_LEAD):
            roles.grant(role, *(f"requests.{verb}_case" for verb in ("view", "add", "change")), "requests.view_caseevent",
                        "requests.view_attachment", "requests.add_attachment")
        for role in (roles.CARE_AGENT, roles.DATA_PROTECTION_LEAD):
            roles.grant(role, "requests.view_letterwording", "requests.view_casemessage")
        roles.grant(roles.DATA_PROTECTION_LEAD, "requests.add_letterwording")
        roles.grant(roles.DATA_PROTECTION_LEAD, "requests.add_proclaimedday", "requests.change_proclaimedday",
                    "requests.add_confirmedyear")

    def _public(self) -> None:
        """The public pages in the navigation and in the notice, and what looks for work whose job was lost."""
        from compliance.register.pages import Page, add
        from compliance.requests import intake, status_proof
        from customers import proof, sweeps

        sweeps.register(status_proof.sweep)
        sweeps.register(intake.sweep)
        add(Page("Your data", "requests:start", "Ask for your data, have it corrected, erased or moved, object, or "
                 "complain: a short form for each. You need no account.", in_notice="your-rights", main=True))
        add(Page("My data", "requests:my_data", "See what we hold about you, why, until when and who has received it, and "
                 "put your contact details right. We send you a one-time code first.", in_notice="your-rights"))
        add(Page("Follow a request", "requests:status", "See where it stands, answer us, or take it back.",
                 in_notice="your-rights", main=True))
        add(Page("Which agencies we asked", "requests:ask", "Ask which credit reference agencies we asked about you.",
                 in_notice="credit-reference-agencies", args=("agencies",)))
        add(Page("A person for a credit decision", "requests:ask", "Have a person look afresh at a decision by computer.",
                 in_notice="decisions", args=("decision",)))
        add(Page("Complain", "requests:ask", "Tell us what went wrong, about your data or about credit.",
                 in_notice="complaints", args=("complain",)))
        proof.lead_to(proof.Place("My data", "requests:my_data", "See what we hold about you, why, until when and who has "
                                  "received it, and put your contact details right."), first=True)
        proof.lead_to(proof.Place("Your requests", "requests:mine", "See where each stands, answer us, or take it back."))
        proof.lead_to(proof.Place("Ask for something", "requests:start", "Have your data corrected or deleted, object, or "
                                  "complain, without saying again who you are."))
