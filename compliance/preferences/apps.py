from django.apps import AppConfig


class PreferencesConfig(AppConfig):
    name = "compliance.preferences"
    verbose_name = "Marketing choices"

    def ready(self) -> None:
        from compliance.disclosures import instruction_files, instructions
        from compliance.disclosures.demo import scenes
        from compliance.preferences import channels, customer_contacts, demo, partner_files
        from compliance.preferences.importing import MARKETING_CHOICES
        from compliance.register import pages
        from customers.identity import visits
        from customers.importing import registry

        registry.register(MARKETING_CHOICES)
        registry.register_after(
            "customers", lambda by, now: customer_contacts.suppress_pending(now=now, by=by)
        )
        instruction_files.register(partner_files.WITHDRAWALS)
        instructions.register_parts(
            instructions.What.NO_MARKETING, lambda code: channels.CHANNELS[code].noun
        )
        scenes.register(demo.scene)
        pages.add(
            pages.Page(
                "Stop marketing",
                "preferences:stop",
                "Tell us once, by any of your addresses or numbers, and "
                "it stops. You need no account and no code.",
                in_notice="marketing",
                main=True,
            )
        )
        pages.add(
            pages.Page(
                "Your choices",
                "preferences:choices",
                "See which marketing is on and why, and change each by "
                "itself. We send you a one-time code first.",
                in_notice="marketing",
                main=True,
            )
        )
        visits.lead_to(
            visits.Place(
                "Your choices",
                "preferences:choices",
                "See which marketing is on and why, and change it.",
            )
        )
        self._gate()
        self._desk()

    def _gate(self) -> None:
        """Let choices about marketing stop uses, and say what asks before marketing goes out."""
        from compliance.preferences import objectors, rules
        from compliance.preferences.vocabulary import (
            CHOICES,
            MARKETING,
            PARTNER_MARKETING,
            TAILORING,
        )
        from compliance.register import gate, stop_lists

        gate.register_stop(
            gate.Stop(CHOICES, rules.OBJECTED.words, rules.OBJECTED.law, objectors.objections)
        )
        gate.register_consumer("The screening of lists", MARKETING, PARTNER_MARKETING)
        gate.register_consumer("The digests for partners", PARTNER_MARKETING)
        gate.register_consumer("The shop, which takes the list of write_stop_list", TAILORING)
        stop_lists.register(TAILORING)

    def _desk(self) -> None:
        """Who may do what on the desk, and its way in from the search page."""
        from accounts import roles
        from compliance.preferences.desk import views
        from customers.desk import DeskLink, register_link

        register_link(
            DeskLink(
                "Stop marketing for somebody who is not our customer",
                "admin:preferences_marketingrequest_stranger",
                views.RECORDS,
            )
        )
        own = [f"preferences.view_{name}" for name in ("choiceevent", "marketingrequest")]
        roles.grant(roles.CARE_AGENT, *own, views.RECORDS)
        roles.grant(
            roles.DATA_PROTECTION_LEAD,
            *own,
            views.RECORDS,
            *(
                f"preferences.view_{name}"
                for name in ("suppression", "screening", "preferenceservicefile", "wording")
            ),
        )
        roles.grant(
            roles.OPERATOR, "preferences.view_screening", "preferences.view_preferenceservicefile"
        )
