-- Two database roles beside the owner of the tables, so that nobody who breaks into the portal can rewrite its past.
--
--   the owner    runs `manage.py migrate`, and nothing else
--   portal_app   serves the pages: reads and writes records; into the trail and the ledgers it may only insert
--   portal_jobs  runs the timers: the same, and it may remove audit entries whose retention has run out
--
-- Run as the owner (or a superuser) after the first migration; again at any time, it changes nothing twice:
--   psql "$OWNER_DATABASE_URL" -v ON_ERROR_STOP=1 -1 -f deploy/roles.sql
-- Then give each role its password with \password, and the service and the timers their own DATABASE_URL.

DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_app') THEN CREATE ROLE portal_app LOGIN; END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_jobs') THEN CREATE ROLE portal_jobs LOGIN; END IF;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    -- Imports and the purge work in temporary tables.
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO portal_app', current_database());
END $$;
GRANT portal_app TO portal_jobs;

-- Nothing waits for ever, and nothing that is forgotten keeps others waiting.
ALTER ROLE portal_app SET statement_timeout = '20s';
ALTER ROLE portal_app SET lock_timeout = '10s';
ALTER ROLE portal_app SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE portal_jobs SET statement_timeout = '30min';
ALTER ROLE portal_jobs SET lock_timeout = '5min';
ALTER ROLE portal_jobs SET idle_in_transaction_session_timeout = '10min';

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO portal_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO portal_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO portal_app;
-- Tables of later migrations, as long as the role that runs this file is the one that runs them.
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO portal_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO portal_app;

-- The purge renews the planner's statistics after a restore or a large import; before version 17 autovacuum does alone.
DO $$ BEGIN
    IF current_setting('server_version_num')::int >= 170000 THEN
        GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO portal_jobs;
    END IF;
END $$;

-- The audit trail: read it, add to it. Its head is moved by the trigger alone, with the owner's rights.
REVOKE ALL ON audit_entry, audit_newentry, audit_chainhead, django_migrations FROM portal_app;
GRANT SELECT, INSERT ON audit_newentry TO portal_app;
GRANT SELECT ON audit_entry, audit_chainhead, django_migrations TO portal_app;

-- The one door out of the trail.
REVOKE ALL ON FUNCTION audit_remove_expired(date) FROM PUBLIC, portal_app;
GRANT EXECUTE ON FUNCTION audit_remove_expired(date) TO portal_jobs;

-- Ledgers and lists to which rows are only added: nothing goes from them but by the purge, which the timers run.
DO $$
DECLARE one regclass;
BEGIN
    FOR one IN SELECT tgrelid FROM pg_trigger WHERE tgname LIKE 'pgtrigger_append_only_%' LOOP
        EXECUTE format('REVOKE DELETE, TRUNCATE ON %s FROM portal_app', one);
        EXECUTE format('GRANT DELETE ON %s TO portal_jobs', one);
    END LOOP;
END $$;
