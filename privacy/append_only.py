"""Tables to which rows are only added: held by the database, not by good manners.

A row may change only in the columns named (a sealed value sealed anew under a younger key), and
goes only inside a transaction that erases by the retention rules (`customers.erasure_lock.shared`
says so to the database).
"""

from collections.abc import Sequence

import pgtrigger

ERASING = "privacy.erasing"  # a setting of the transaction, on while the purge is at work


def append_only(*, but: Sequence[str] = ()) -> list[pgtrigger.Trigger]:
    """The triggers of an append-only table, for its Meta. `but` names the columns that a key
    rotation rewrites."""
    rewritten = ", ".join(f"'{column}'" for column in but)
    return [
        pgtrigger.Trigger(
            name="append_only",
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete,
            func=f"""
            IF TG_OP = 'DELETE' AND current_setting('{ERASING}', true) = 'on' THEN RETURN OLD; END IF;
            IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY[{rewritten}]::text[] = to_jsonb(OLD) - ARRAY[{rewritten}]::text[]
            THEN RETURN NEW; END IF;
            RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
        """,
        )
    ]
