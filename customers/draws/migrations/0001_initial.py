import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import privacy.fields
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('customers', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='PrizeEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ticket', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, help_text='Random; the entrant is told it, and winners are known by it.', unique=True)),
                ('name', privacy.fields.SealedTextField(editable=True)),
                ('address', privacy.fields.SealedTextField(editable=True)),
                ('email', privacy.fields.SealedTextField(editable=True)),
                ('email_lookup', privacy.fields.LookupHashField(editable=False, kind='contact_point', null=True, value_of='email_key')),
                ('person_lookup', privacy.fields.LookupHashField(editable=False, kind='prize_entrant', null=True, value_of='person_key')),
                ('customer_number', privacy.fields.SealedTextField(editable=True, null=True)),
                ('entered_on', models.DateField()),
                ('received_at', models.DateTimeField(help_text='When the site received it; empty when it came in a file.', null=True)),
                ('no_publicity', models.BooleanField(db_default=False, default=False, help_text='Asked us not to name them if they win.')),
                ('awarded_on', models.DateField(help_text='The day on which it won; empty for the others.', null=True)),
                ('source_digest', models.UUIDField(editable=False, null=True)),
            ],
            options={
                'verbose_name_plural': 'prize entries',
                'ordering': ['-entered_on'],
                'default_permissions': ('view', 'change'),
            },
        ),
        migrations.CreateModel(
            name='PrizePass',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ticket', models.UUIDField(help_text='Whose prize it was.', unique=True)),
                ('reserve', models.UUIDField(help_text='Whose it is now.', unique=True)),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=80)),
            ],
            options={
                'ordering': ['pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='PrizeDraw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(help_text='Its address on the site, and its name in import files.', max_length=40, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('opens_on', models.DateField(help_text='The first day on which it can be entered.')),
                ('closes_on', models.DateField(help_text='The last day on which it can be entered, until midnight in London.')),
                ('prize', models.TextField(blank=True, help_text='What there is to win, in a few lines.')),
                ('terms', models.TextField(blank=True, help_text="The rules: who may enter, how winners are told, what they must do by when. The site adds the dates, one entry each, the fair draw and the winners' names.")),
                ('promoter', models.CharField(blank=True, help_text='Who runs it: name and address.', max_length=200)),
                ('winner_count', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1)], verbose_name='number of winners')),
                ('commitment', models.CharField(editable=False, max_length=64)),
                ('seed', privacy.fields.SealedSecretField(editable=True, null=True)),
                ('published_at', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'ordering': ['-closes_on', '-pk'],
                'default_permissions': ('view', 'add', 'change'),
                'indexes': [models.Index(fields=['closes_on'], name='prizedraw_closes')],
                'constraints': [models.CheckConstraint(condition=models.Q(('closes_on__gte', models.F('opens_on'))), name='prizedraw_closes_after_opening'), models.CheckConstraint(condition=models.Q(('winner_count__gte', 1)), name='prizedraw_has_winners'), models.CheckConstraint(condition=models.Q(('commitment__regex', '^[0-9a-f]{64}$')), name='prizedraw_is_committed'), models.CheckConstraint(condition=models.Q(('published_at__isnull', True), models.Q(('prize', ''), ('terms', ''), ('promoter', ''), _connector='OR', _negated=True), _connector='OR'), name='prizedraw_published_whole')],
            },
        ),
        migrations.CreateModel(
            name='DrawEvidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.CharField(help_text='staff:ID or job:NAME', max_length=80)),
                ('algorithm', models.CharField(max_length=20)),
                ('commitment', models.CharField(max_length=64)),
                ('seed', models.CharField(max_length=64)),
                ('entries', models.PositiveIntegerField()),
                ('entries_digest', models.CharField(help_text='SHA-256 of the sorted ticket numbers.', max_length=64)),
                ('tickets', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), help_text='Every ticket that was drawn from, sorted.', size=None)),
                ('winners', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ('reserve_count', models.PositiveSmallIntegerField(help_text='How many reserves were to be drawn, where there were so many entries.')),
                ('reserves', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ('draw', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='draws.prizedraw')),
            ],
            options={
                'verbose_name_plural': 'draw evidence',
                'default_permissions': ('view',),
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='prizedraw',
            trigger=pgtrigger.compiler.Trigger(name='frozen', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                IF (NEW.code, NEW.commitment) IS DISTINCT FROM (OLD.code, OLD.commitment) THEN\n                    RAISE EXCEPTION 'a draw keeps its code and its commitment' USING ERRCODE = 'restrict_violation';\n                END IF;\n                IF (OLD.published_at IS NOT NULL\n                    OR EXISTS (SELECT FROM draws_drawevidence e WHERE e.draw_id = OLD.id)) AND\n                    (NEW.name, NEW.opens_on, NEW.closes_on, NEW.prize, NEW.terms, NEW.promoter, NEW.winner_count)\n                    IS DISTINCT FROM\n                    (OLD.name, OLD.opens_on, OLD.closes_on, OLD.prize, OLD.terms, OLD.promoter, OLD.winner_count)\n                THEN RAISE EXCEPTION 'a published draw does not change' USING ERRCODE = 'restrict_violation'; END IF;\n                IF OLD.published_at IS NOT NULL AND NEW.published_at IS DISTINCT FROM OLD.published_at AND\n                    (NEW.published_at IS NOT NULL\n                     OR EXISTS (SELECT FROM draws_prizeentry e WHERE e.draw_id = OLD.id))\n                THEN RAISE EXCEPTION 'a draw with entries stays published' USING ERRCODE = 'restrict_violation'; END IF;\n                RETURN NEW;\n            ", hash='4be38d99d30aad1fd8551cef602cf3a867c5e7ef', operation='UPDATE', pgid='pgtrigger_frozen_28921', table='draws_prizedraw', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='prizeentry',
            name='customer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='prize_entries', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='prizeentry',
            name='draw',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='draws.prizedraw'),
        ),
        migrations.AddField(
            model_name='prizepass',
            name='evidence',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='passes', to='draws.drawevidence'),
        ),
        migrations.AddConstraint(
            model_name='drawevidence',
            constraint=models.CheckConstraint(condition=models.Q(('tickets__len', models.F('entries'))), name='drawevidence_is_whole'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='drawevidence',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF TG_OP = 'DELETE' AND current_setting('privacy.erasing', true) = 'on' THEN RETURN OLD; END IF;\n            IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY[]::text[] = to_jsonb(OLD) - ARRAY[]::text[]\n            THEN RETURN NEW; END IF;\n            RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';\n        ", hash='bbbf1882984d3fcf4655c85aea818bcf5903e8df', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_50cc0', table='draws_drawevidence', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='prizeentry',
            index=models.Index(condition=models.Q(('awarded_on__isnull', False)), fields=['awarded_on', 'id'], name='prizeentry_awarded'),
        ),
        migrations.AddConstraint(
            model_name='prizeentry',
            constraint=models.UniqueConstraint(fields=('draw', 'email_lookup'), name='prizeentry_once'),
        ),
        migrations.AddConstraint(
            model_name='prizeentry',
            constraint=models.UniqueConstraint(fields=('draw', 'person_lookup'), name='prizeentry_once_by_address'),
        ),
        migrations.AddConstraint(
            model_name='prizeentry',
            constraint=models.UniqueConstraint(fields=('draw', 'customer'), name='prizeentry_once_by_customer'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='prizeentry',
            trigger=pgtrigger.compiler.Trigger(name='in_time', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE draw record;', func="\n                    -- Whoever draws holds this row alone, so an entry is either in the list or refused here.\n                    SELECT opens_on, closes_on INTO draw FROM draws_prizedraw WHERE id = NEW.draw_id FOR KEY SHARE;\n                    IF EXISTS (SELECT FROM draws_drawevidence e WHERE e.draw_id = NEW.draw_id) THEN\n                        RAISE EXCEPTION 'the draw has been made' USING ERRCODE = 'restrict_violation';\n                    END IF;\n                    IF (NEW.received_at AT TIME ZONE 'Europe/London')::date NOT BETWEEN draw.opens_on AND draw.closes_on THEN\n                        RAISE EXCEPTION 'received outside the days of the draw' USING ERRCODE = 'restrict_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='ec15fc030e0e81a2c4aeb6432f4546af8963d554', operation='INSERT', pgid='pgtrigger_in_time_e83a7', table='draws_prizeentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='prizeentry',
            trigger=pgtrigger.compiler.Trigger(name='ticket_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."draw_id" IS DISTINCT FROM (NEW."draw_id") OR OLD."ticket" IS DISTINCT FROM (NEW."ticket"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='36affb4024d3ab638864a5629c6e791fb8f318e1', operation='UPDATE', pgid='pgtrigger_ticket_stays_d352a', table='draws_prizeentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='prizepass',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF TG_OP = 'DELETE' AND current_setting('privacy.erasing', true) = 'on' THEN RETURN OLD; END IF;\n            IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY[]::text[] = to_jsonb(OLD) - ARRAY[]::text[]\n            THEN RETURN NEW; END IF;\n            RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';\n        ", hash='cd5444874f0c71bbc28ba768a36b2aa246160176', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0aabc', table='draws_prizepass', when='BEFORE')),
        ),
    ]
