import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('customers', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='CookieEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.SlugField(db_index=False, max_length=40)),
                ('kind', models.CharField(choices=[('cookie', 'Cookie'), ('storage', 'Web storage'), ('pixel', 'Tracking pixel'), ('link', 'Link decoration')], default='cookie', help_text="Whatever is kept on, or read from, a visitor's device is listed, not cookies alone.", max_length=7)),
                ('name', models.CharField(help_text='As a browser lists it. Similar ones with a star: _ab_*', max_length=80)),
                ('group', models.CharField(choices=[('necessary', 'Strictly necessary'), ('statistics', 'Statistics'), ('tailoring', 'Tailoring and appearance'), ('advertising', 'Advertising')], max_length=12)),
                ('purpose', models.TextField(help_text='What it is for, to a visitor in plain words.')),
                ('life', models.CharField(help_text='How long it stays: “13 months”, “Until the browser is closed”.', max_length=80)),
                ('company', models.CharField(blank=True, help_text='The other company that sets or reads it. Empty: we.', max_length=80)),
                ('policy', models.URLField(blank=True, help_text='Where that company explains it.', verbose_name='cookie policy')),
                ('opt_out', models.URLField(blank=True, help_text='Where a visitor can say no to that company itself.', verbose_name='opt-out')),
                ('place', models.CharField(choices=[('portal', 'These pages'), ('shop', 'The shop’s website')], default='shop', max_length=6, verbose_name='set by')),
                ('position', models.PositiveSmallIntegerField(default=100, help_text='Order within its group.')),
                ('retired_on', models.DateField(blank=True, help_text='From this day the row no longer counts. It stays here, with its history.', null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CookieReceipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('receipt', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('accepted', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, default=list, size=None)),
                ('refused', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, default=list, size=None)),
                ('source', models.CharField(choices=[('banner', 'Banner'), ('page', 'Choices page')], max_length=6)),
                ('gpc', models.BooleanField(default=False, help_text='The browser asked that data be neither sold nor shared: advertising stayed off.', verbose_name='Global Privacy Control')),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-at', '-pk'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='CookieWording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True)),
                ('published_at', models.DateTimeField()),
                ('published_by', models.CharField(help_text='staff:ID or job:NAME', max_length=80)),
                ('summary', models.CharField(help_text='What changed, for colleagues.', max_length=200)),
                ('content', models.JSONField(help_text="The banner's words, the groups and their cookies.")),
                ('asks', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), default=list, help_text='The groups that a visitor can refuse.', size=None)),
                ('digest', models.CharField(help_text='SHA-256 of the content.', max_length=64)),
            ],
            options={
                'verbose_name': 'cookie wording',
                'ordering': ['-number'],
                'default_permissions': ('view', 'add'),
            },
        ),
        migrations.CreateModel(
            name='LogPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_line', models.UUIDField()),
                ('last_line', models.UUIDField()),
                ('offset', models.PositiveBigIntegerField(help_text='Bytes read, uncompressed.')),
                ('read_at', models.DateTimeField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='PageVisits',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(help_text='A London day.')),
                ('page', models.CharField(help_text="The name of the page's address, without what it shows.", max_length=80)),
                ('count', models.PositiveIntegerField()),
            ],
            options={
                'verbose_name_plural': 'most visited pages',
                'ordering': ['-day', 'page'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='Cookie',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True)),
                ('kind', models.CharField(choices=[('cookie', 'Cookie'), ('storage', 'Web storage'), ('pixel', 'Tracking pixel'), ('link', 'Link decoration')], default='cookie', help_text="Whatever is kept on, or read from, a visitor's device is listed, not cookies alone.", max_length=7)),
                ('name', models.CharField(help_text='As a browser lists it. Similar ones with a star: _ab_*', max_length=80)),
                ('group', models.CharField(choices=[('necessary', 'Strictly necessary'), ('statistics', 'Statistics'), ('tailoring', 'Tailoring and appearance'), ('advertising', 'Advertising')], max_length=12)),
                ('purpose', models.TextField(help_text='What it is for, to a visitor in plain words.')),
                ('life', models.CharField(help_text='How long it stays: “13 months”, “Until the browser is closed”.', max_length=80)),
                ('company', models.CharField(blank=True, help_text='The other company that sets or reads it. Empty: we.', max_length=80)),
                ('policy', models.URLField(blank=True, help_text='Where that company explains it.', verbose_name='cookie policy')),
                ('opt_out', models.URLField(blank=True, help_text='Where a visitor can say no to that company itself.', verbose_name='opt-out')),
                ('place', models.CharField(choices=[('portal', 'These pages'), ('shop', 'The shop’s website')], default='shop', max_length=6, verbose_name='set by')),
                ('position', models.PositiveSmallIntegerField(default=100, help_text='Order within its group.')),
                ('retired_on', models.DateField(blank=True, help_text='From this day the row no longer counts. It stays here, with its history.', null=True)),
            ],
            options={
                'ordering': ['position', 'code'],
                'default_permissions': ('view', 'add', 'change'),
                'constraints': [models.CheckConstraint(condition=models.Q(('company', ''), models.Q(('policy', ''), _negated=True), _connector='OR'), name='cookie_company_explains_it'), models.CheckConstraint(condition=models.Q(('company', ''), ('group', 'necessary'), models.Q(('opt_out', ''), _negated=True), _connector='OR'), name='cookie_company_can_be_refused')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='cookie',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cookies_cookieevent" ("code", "company", "group", "id", "kind", "life", "name", "opt_out", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "policy", "position", "purpose", "retired_on") VALUES (NEW."code", NEW."company", NEW."group", NEW."id", NEW."kind", NEW."life", NEW."name", NEW."opt_out", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."policy", NEW."position", NEW."purpose", NEW."retired_on"); RETURN NULL;', hash='1ab144b40a77652bb289c7d1851c615a2b20060b', operation='INSERT', pgid='pgtrigger_insert_insert_dcf65', table='cookies_cookie', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='cookie',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cookies_cookieevent" ("code", "company", "group", "id", "kind", "life", "name", "opt_out", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "policy", "position", "purpose", "retired_on") VALUES (NEW."code", NEW."company", NEW."group", NEW."id", NEW."kind", NEW."life", NEW."name", NEW."opt_out", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."policy", NEW."position", NEW."purpose", NEW."retired_on"); RETURN NULL;', hash='564e358cf555f01d547186ac00df09f353df8261', operation='UPDATE', pgid='pgtrigger_update_update_1e376', table='cookies_cookie', when='AFTER')),
        ),
        migrations.AddField(
            model_name='cookieevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='cookieevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cookies.cookie'),
        ),
        migrations.AddField(
            model_name='cookiereceipt',
            name='customer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cookie_receipts', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='cookiereceipt',
            name='wording',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='cookies.cookiewording'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='cookiewording',
            trigger=pgtrigger.compiler.Trigger(name='frozen', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='cb4d02b06e3f6447b8e58cfbdc734c30a0ef2e1a', operation='UPDATE OR DELETE', pgid='pgtrigger_frozen_8304a', table='cookies_cookiewording', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='logplace',
            constraint=models.UniqueConstraint(fields=('first_line', 'offset', 'last_line'), name='logplace_once'),
        ),
        migrations.AddConstraint(
            model_name='pagevisits',
            constraint=models.UniqueConstraint(fields=('day', 'page'), name='pagevisits_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='cookieevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9b630f6a6bfe254e025e8cbfb197d1dfd4b132d9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_058b8', table='cookies_cookieevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='cookiereceipt',
            index=models.Index(fields=['at', 'id'], name='cookiereceipt_at'),
        ),
        migrations.AddConstraint(
            model_name='cookiereceipt',
            constraint=models.CheckConstraint(condition=models.Q(('accepted__overlap', models.F('refused')), _negated=True), name='cookiereceipt_one_answer_a_group'),
        ),
        migrations.AddConstraint(
            model_name='cookiereceipt',
            constraint=models.CheckConstraint(condition=models.Q(('gpc', False), models.Q(('accepted__contains', ['advertising']), _negated=True), _connector='OR'), name='cookiereceipt_gpc_refuses_advertising'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='cookiereceipt',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF TG_OP = 'DELETE' AND current_setting('privacy.erasing', true) = 'on' THEN RETURN OLD; END IF;\n            IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY[]::text[] = to_jsonb(OLD) - ARRAY[]::text[]\n            THEN RETURN NEW; END IF;\n            RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';\n        ", hash='34ab7c0a1272a6e5dbb3093a6dbc57cb60591adb', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_227c7', table='cookies_cookiereceipt', when='BEFORE')),
        ),
    ]
