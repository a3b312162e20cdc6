"""The trail and what makes it append-only and chained: its triggers, and one function for expired rows."""

from django.db import migrations, models

CHAIN = """
INSERT INTO audit_chainhead (id, number, digest, removed_number, removed_digest) VALUES (1, 0, '', 0, '');

-- What a digest covers: every column but the digest itself, unambiguous and the same whatever the session's settings.
CREATE FUNCTION audit_digest(e audit_entry) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.jsonb_build_array(
        e.number, pg_catalog.to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.actor, e.event,
        e.subject, e.facts, pg_catalog.encode(e.previous, 'hex'))::text, 'UTF8'))
$$;

-- Each row takes its number and its link inside the lock on the head, so the chain can never fork.
CREATE FUNCTION audit_append() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    UPDATE audit_chainhead SET number = number + 1 WHERE id = 1 RETURNING number, digest INTO NEW.number, NEW.previous;
    IF NOT FOUND THEN RAISE EXCEPTION 'the head of the audit chain is missing: verify_audit tells more'; END IF;
    NEW.at := clock_timestamp();
    NEW.digest := audit_digest(NEW);
    UPDATE audit_chainhead SET digest = NEW.digest WHERE id = 1;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_append BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_append();

-- An entry is written to audit_newentry by its action, and joins the chain as the transaction ends: so the head is the
-- last lock that any transaction takes, whatever it does after its first entry, and nobody holds it for longer than that.
ALTER TABLE audit_newentry SET UNLOGGED;  -- no row of it outlives its transaction
CREATE FUNCTION audit_join() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO audit_entry (actor, event, subject, facts) VALUES (NEW.actor, NEW.event, NEW.subject, NEW.facts);
    DELETE FROM audit_newentry WHERE id = NEW.id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER audit_join AFTER INSERT ON audit_newentry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION audit_join();

-- Nothing else writes: neither to the entries nor to the head, which only the trigger above and the door below move.
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('audit.removing_expired', true) = 'on'
        AND (TG_TABLE_NAME, TG_OP) IN (('audit_entry', 'DELETE'), ('audit_chainhead', 'UPDATE'))
        AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)
    THEN RETURN NULL; END IF;
    IF (TG_TABLE_NAME, TG_OP) IN (('audit_chainhead', 'UPDATE'), ('audit_newentry', 'DELETE')) AND pg_trigger_depth() > 1
    THEN RETURN NULL; END IF;
    RAISE EXCEPTION 'the audit trail is append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_newentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_refuse BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON audit_chainhead
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

-- The one door out: whole days from the old end of the chain. The head keeps the digest of the last one removed.
CREATE FUNCTION audit_remove_expired(last_day date) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    first_kept bigint;
    removed bigint;
BEGIN
    PERFORM 1 FROM audit_chainhead WHERE id = 1 FOR UPDATE;
    SELECT min(number) INTO first_kept FROM audit_entry WHERE at >= ((last_day + 1)::timestamp AT TIME ZONE 'Europe/London');
    PERFORM set_config('audit.removing_expired', 'on', true);
    UPDATE audit_chainhead SET removed_number = e.number, removed_digest = e.digest
        FROM (SELECT number, digest FROM audit_entry WHERE first_kept IS NULL OR number < first_kept
              ORDER BY number DESC LIMIT 1) e WHERE id = 1;
    DELETE FROM audit_entry WHERE first_kept IS NULL OR number < first_kept;
    GET DIAGNOSTICS removed = ROW_COUNT;
    PERFORM set_config('audit.removing_expired', 'off', true);
    RETURN removed;
END $$;
REVOKE ALL ON FUNCTION audit_remove_expired(date) FROM PUBLIC;  -- its owner may; deploy/roles.sql says who else

-- What runs with the owner's rights looks names up in this schema alone: no temporary table can pose as the trail.
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['audit_append()', 'audit_join()', 'audit_refuse()', 'audit_remove_expired(date)'] LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, %I, pg_temp', name, current_schema());
    END LOOP;
END $$;
"""

UNDO = """
DROP FUNCTION audit_remove_expired(date);
DROP TRIGGER audit_refuse ON audit_chainhead;
DROP TRIGGER audit_refuse ON audit_entry;
DROP TRIGGER audit_refuse ON audit_newentry;
DROP TRIGGER audit_join ON audit_newentry;
DROP FUNCTION audit_join();
DROP FUNCTION audit_refuse();
DROP TRIGGER audit_append ON audit_entry;
DROP FUNCTION audit_append();
DROP FUNCTION audit_digest(audit_entry);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="ChainHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.BigIntegerField()),
                ("digest", models.BinaryField()),
                ("removed_number", models.BigIntegerField(default=0)),
                ("removed_digest", models.BinaryField(default=b"")),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("number", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField(editable=False)),
                ("actor", models.CharField(help_text="staff:ID, job:NAME or customer:ID", max_length=80)),
                ("event", models.CharField(max_length=60)),
                ("subject", models.UUIDField(help_text="The data subject's id, which outlives the person's data.", null=True)),
                ("facts", models.JSONField(default=dict)),
                ("previous", models.BinaryField(editable=False)),
                ("digest", models.BinaryField(editable=False)),
            ],
            options={"ordering": ["-number"], "verbose_name_plural": "entries", "default_permissions": ("view",)},
        ),
        migrations.CreateModel(
            name="NewEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("actor", models.CharField(max_length=80)),
                ("event", models.CharField(max_length=60)),
                ("subject", models.UUIDField(null=True)),
                ("facts", models.JSONField(default=dict)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AddConstraint(
            "newentry",
            models.CheckConstraint(condition=models.Q(actor__regex=r"^(staff|job|customer):."), name="audit_newentry_actor_named"),
        ),
        migrations.AddIndex("entry", models.Index(fields=["at"], name="audit_entry_at")),
        migrations.AddIndex(
            "entry",
            models.Index(fields=["subject", "number"], name="audit_entry_subject",
                         condition=models.Q(("subject__isnull", False))),
        ),
        migrations.AddIndex("entry", models.Index(fields=["event", "number"], name="audit_entry_event")),
        migrations.AddConstraint(
            "entry",
            models.CheckConstraint(condition=models.Q(actor__regex=r"^(staff|job|customer):."), name="audit_entry_actor_named"),
        ),
        migrations.RunSQL(CHAIN, UNDO),
    ]
