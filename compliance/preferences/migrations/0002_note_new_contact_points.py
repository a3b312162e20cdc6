"""Note each customer with an objection who gets another contact point or surname, by whatever road it comes."""

from django.db import migrations

NOTE = """
CREATE FUNCTION preferences_note_points() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO preferences_tocatchup (customer_id)
    SELECT DISTINCT n.customer_id FROM new_rows n
    WHERE EXISTS (SELECT FROM preferences_choiceevent e
                  WHERE e.customer_id = n.customer_id AND e.kind IN ('objection', 'withdrawal'))
    ON CONFLICT (customer_id) DO UPDATE SET during = excluded.during;
    RETURN NULL;
END $$;
CREATE TRIGGER preferences_note_added AFTER INSERT ON customers_contactpoint
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION preferences_note_points();
CREATE TRIGGER preferences_note_changed AFTER UPDATE ON customers_contactpoint
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION preferences_note_points();

-- A postal address is suppressed together with the surname, so another surname is another contact point.
CREATE FUNCTION preferences_note_surnames() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO preferences_tocatchup (customer_id)
    SELECT n.id FROM new_rows n JOIN old_rows o ON o.id = n.id
    WHERE n.surname_lookup IS DISTINCT FROM o.surname_lookup AND n.surname_lookup IS NOT NULL
    AND EXISTS (SELECT FROM preferences_choiceevent e
                WHERE e.customer_id = n.id AND e.kind IN ('objection', 'withdrawal'))
    ON CONFLICT (customer_id) DO UPDATE SET during = excluded.during;
    RETURN NULL;
END $$;
CREATE TRIGGER preferences_note_renamed AFTER UPDATE ON customers_customer
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION preferences_note_surnames();
"""

UNDO = """
DROP TRIGGER preferences_note_renamed ON customers_customer;
DROP TRIGGER preferences_note_changed ON customers_contactpoint;
DROP TRIGGER preferences_note_added ON customers_contactpoint;
DROP FUNCTION preferences_note_surnames();
DROP FUNCTION preferences_note_points();
"""


class Migration(migrations.Migration):
    dependencies = [("preferences", "0001_ledger_and_lists"), ("customers", "0001_initial")]
    operations = [migrations.RunSQL(NOTE, UNDO)]
