"""A fair draw: a seed fixed in advance, ticket numbers, evidence; one entry each also by person."""

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import privacy.fields
import uuid
from django.db import migrations, models

from customers.draws import fairness
from customers.models.draws import entrant_key
from privacy import seal


def fix_seeds(apps, schema_editor):
    """Draws on record get their seed and commitment now."""
    for draw in apps.get_model("customers", "PrizeDraw").objects.all():
        draw.seed = fairness.new_seed()
        draw.commitment = fairness.commitment(draw.seed)
        draw.save(update_fields=["seed", "commitment"])


def one_each(apps, schema_editor):
    """Work out who the entries on record are from. Of several of one person the first keeps the mark: none is removed."""
    entries = apps.get_model("customers", "PrizeEntry").objects
    people, customers = set(), set()
    for pk, draw, customer, name, address in entries.order_by("pk").values_list(
            "pk", "draw_id", "customer_id", "name", "address"):
        key = entrant_key(name, address)
        if key and (draw, key) not in people:
            people.add((draw, key))
            entries.filter(pk=pk).update(person_lookup=seal.lookup_hash("prize_entrant", key))
        if customer and (draw, customer) in customers:
            entries.filter(pk=pk).update(customer=None)
        customers.add((draw, customer))
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0002_messages_and_proof'),
    ]

    operations = [
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
                ('reserves', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
            ],
            options={
                'verbose_name_plural': 'draw evidence',
                'default_permissions': ('view',),
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
        migrations.AlterModelOptions(
            name='prizedraw',
            options={'default_permissions': ('view', 'add', 'change'), 'ordering': ['-closes_on', '-pk']},
        ),
        migrations.AlterModelOptions(
            name='prizeentry',
            options={'default_permissions': ('view', 'change'), 'ordering': ['-entered_on'], 'verbose_name_plural': 'prize entries'},
        ),
        migrations.AddField(
            model_name='prizedraw',
            name='commitment',
            field=models.CharField(default='', editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='prizedraw',
            name='prize',
            field=models.TextField(blank=True, help_text='What there is to win, in a few lines.'),
        ),
        migrations.AddField(
            model_name='prizedraw',
            name='promoter',
            field=models.CharField(blank=True, help_text='Who runs it: name and address.', max_length=200),
        ),
        migrations.AddField(
            model_name='prizedraw',
            name='published_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='prizedraw',
            name='seed',
            field=privacy.fields.SealedSecretField(editable=True, null=True),
        ),
        migrations.AddField(
            model_name='prizedraw',
            name='terms',
            field=models.TextField(blank=True, help_text="The rules: who may enter, how winners are told, what they must do by when. The site adds the dates, one entry each, the fair draw and the winners' names."),
        ),
        migrations.AddField(
            model_name='prizedraw',
            name='winner_count',
            field=models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1)], verbose_name='number of winners'),
        ),
        migrations.AddField(
            model_name='prizeentry',
            name='no_publicity',
            field=models.BooleanField(db_default=False, default=False, help_text='Asked us not to name them if they win.'),
        ),
        migrations.AddField(
            model_name='prizeentry',
            name='person_lookup',
            field=privacy.fields.LookupHashField(editable=False, kind='prize_entrant', null=True, value_of='person_key'),
        ),
        migrations.AddField(
            model_name='prizeentry',
            name='received_at',
            field=models.DateTimeField(help_text='When the site received it; empty when it came in a file.', null=True),
        ),
        migrations.AddField(
            model_name='prizeentry',
            name='ticket',
            field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, help_text='Random; the entrant is told it, and winners are known by it.', unique=True),
        ),
        migrations.AlterField(
            model_name='prizedraw',
            name='closes_on',
            field=models.DateField(help_text='The last day on which it can be entered, until midnight in London.'),
        ),
        migrations.AlterField(
            model_name='prizedraw',
            name='code',
            field=models.SlugField(help_text='Its address on the site, and its name in import files.', max_length=40, unique=True),
        ),
        migrations.AlterField(
            model_name='prizedraw',
            name='opens_on',
            field=models.DateField(help_text='The first day on which it can be entered.'),
        ),
        migrations.RunPython(fix_seeds, migrations.RunPython.noop),
        migrations.RunPython(one_each, migrations.RunPython.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='prizedraw',
            trigger=pgtrigger.compiler.Trigger(name='frozen', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                IF (NEW.code, NEW.commitment) IS DISTINCT FROM (OLD.code, OLD.commitment) THEN\n                    RAISE EXCEPTION 'a draw keeps its code and its commitment' USING ERRCODE = 'restrict_violation';\n                END IF;\n                IF (OLD.published_at IS NOT NULL\n                    OR EXISTS (SELECT FROM customers_drawevidence e WHERE e.draw_id = OLD.id)) AND\n                    (NEW.name, NEW.opens_on, NEW.closes_on, NEW.prize, NEW.terms, NEW.promoter, NEW.winner_count)\n                    IS DISTINCT FROM\n                    (OLD.name, OLD.opens_on, OLD.closes_on, OLD.prize, OLD.terms, OLD.promoter, OLD.winner_count)\n                THEN RAISE EXCEPTION 'a published draw does not change' USING ERRCODE = 'restrict_violation'; END IF;\n                IF OLD.published_at IS NOT NULL AND NEW.published_at IS DISTINCT FROM OLD.published_at AND\n                    (NEW.published_at IS NOT NULL\n                     OR EXISTS (SELECT FROM customers_prizeentry e WHERE e.draw_id = OLD.id))\n                THEN RAISE EXCEPTION 'a draw with entries stays published' USING ERRCODE = 'restrict_violation'; END IF;\n                RETURN NEW;\n            ", hash='9c69bfdd019fdd4e4ad1e04fad950bf7bafcfb66', operation='UPDATE', pgid='pgtrigger_frozen_94402', table='customers_prizedraw', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='prizeentry',
            trigger=pgtrigger.compiler.Trigger(name='in_time', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE draw record;', func="\n                    -- Whoever draws holds this row alone, so an entry is either in the list or refused here.\n                    SELECT opens_on, closes_on INTO draw FROM customers_prizedraw WHERE id = NEW.draw_id FOR KEY SHARE;\n                    IF EXISTS (SELECT FROM customers_drawevidence e WHERE e.draw_id = NEW.draw_id) THEN\n                        RAISE EXCEPTION 'the draw has been made' USING ERRCODE = 'restrict_violation';\n                    END IF;\n                    IF (NEW.received_at AT TIME ZONE 'Europe/London')::date NOT BETWEEN draw.opens_on AND draw.closes_on THEN\n                        RAISE EXCEPTION 'received outside the days of the draw' USING ERRCODE = 'restrict_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='9b3ebf64fa8e1feabb5f5be777d9d5fd015cffe0', operation='INSERT', pgid='pgtrigger_in_time_58611', table='customers_prizeentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='prizeentry',
            trigger=pgtrigger.compiler.Trigger(name='ticket_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."draw_id" IS DISTINCT FROM (NEW."draw_id") OR OLD."ticket" IS DISTINCT FROM (NEW."ticket"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='aa0d64a2e691200928940fa35a608ff44357125d', operation='UPDATE', pgid='pgtrigger_ticket_stays_cbabf', table='customers_prizeentry', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='prizedraw',
            constraint=models.CheckConstraint(condition=models.Q(('winner_count__gte', 1)), name='prizedraw_has_winners'),
        ),
        migrations.AddConstraint(
            model_name='prizedraw',
            constraint=models.CheckConstraint(condition=models.Q(('commitment__regex', '^[0-9a-f]{64}$')), name='prizedraw_is_committed'),
        ),
        migrations.AddConstraint(
            model_name='prizedraw',
            constraint=models.CheckConstraint(condition=models.Q(('published_at__isnull', True), models.Q(('prize', ''), ('terms', ''), ('promoter', ''), _connector='OR', _negated=True), _connector='OR'), name='prizedraw_published_whole'),
        ),
        migrations.AddConstraint(
            model_name='prizeentry',
            constraint=models.UniqueConstraint(fields=('draw', 'person_lookup'), name='prizeentry_once_by_address'),
        ),
        migrations.AddConstraint(
            model_name='prizeentry',
            constraint=models.UniqueConstraint(fields=('draw', 'customer'), name='prizeentry_once_by_customer'),
        ),
        migrations.AddField(
            model_name='drawevidence',
            name='draw',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='customers.prizedraw'),
        ),
        migrations.AddField(
            model_name='prizepass',
            name='evidence',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='passes', to='customers.drawevidence'),
        ),
        migrations.AddConstraint(
            model_name='drawevidence',
            constraint=models.CheckConstraint(condition=models.Q(('tickets__len', models.F('entries'))), name='drawevidence_is_whole'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='drawevidence',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF TG_OP = 'DELETE' AND current_setting('privacy.erasing', true) = 'on' THEN RETURN OLD; END IF;\n            IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY[]::text[] = to_jsonb(OLD) - ARRAY[]::text[]\n            THEN RETURN NEW; END IF;\n            RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';\n        ", hash='b3bffbaa9b130085507514a0c33f4f8a45a7e2b6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ab2d8', table='customers_drawevidence', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='prizepass',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF TG_OP = 'DELETE' AND current_setting('privacy.erasing', true) = 'on' THEN RETURN OLD; END IF;\n            IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY[]::text[] = to_jsonb(OLD) - ARRAY[]::text[]\n            THEN RETURN NEW; END IF;\n            RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';\n        ", hash='03cc04d3a0e28c5bf7d6e6449ff38d26cc31a85c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9a65b', table='customers_prizepass', when='BEFORE')),
        ),
    ]
