"""The table of transitions as a trigger: the database refuses what the table does not know, whoever
writes."""

import pgtrigger

from compliance.cases import transitions


def by_the_table() -> pgtrigger.Trigger:
    """The trigger of the cases' table, generated from `transitions`: a changed table is a
    migration."""
    return pgtrigger.Trigger(
        name="by_the_table",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("status", "kind"),  # type: ignore[no-untyped-call]  # untyped package
        condition=pgtrigger.AnyChange("status", "kind"),
        func=f"""
            IF NEW.kind = OLD.kind AND ({_known()}) THEN RETURN NEW; END IF;
            RAISE EXCEPTION 'a case of kind % cannot go from % to %', OLD.kind, OLD.status, NEW.status
                USING ERRCODE = 'restrict_violation';
        """,
    )


def _known() -> str:
    return " OR ".join(
        dict.fromkeys(
            f"(NEW.status = '{step.after}' AND OLD.status IN ({_listed(step.before)}) AND "
            f"NEW.kind IN ({_listed(step.kinds)}))"
            for step in transitions.changes()
        )
    )


def _listed(codes: tuple[str, ...]) -> str:
    return ", ".join(f"'{code}'" for code in codes)
