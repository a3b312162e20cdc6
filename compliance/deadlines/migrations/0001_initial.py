import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='ConfirmedYear',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('days', models.JSONField(help_text='Jurisdiction to its days, as ISO dates.')),
                ('source', models.CharField(help_text='What it was compared with.', max_length=200)),
                ('confirmed_at', models.DateTimeField()),
                ('confirmed_by', models.CharField(help_text='staff:ID', max_length=80)),
            ],
            options={
                'verbose_name': 'confirmed year of bank holidays',
                'verbose_name_plural': 'confirmed years of bank holidays',
                'ordering': ['-year', '-pk'],
                'default_permissions': ('view', 'add'),
            },
        ),
        migrations.CreateModel(
            name='ProclaimedDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('jurisdiction', models.CharField(choices=[('england-and-wales', 'England and Wales'), ('scotland', 'Scotland'), ('northern-ireland', 'Northern Ireland')], max_length=20)),
                ('day', models.DateField()),
                ('name', models.CharField(help_text='As the proclamation calls it.', max_length=80)),
                ('change', models.CharField(choices=[('added', 'Becomes a bank holiday'), ('taken_away', 'Is no bank holiday after all')], max_length=10)),
                ('proclaimed_on', models.DateField(help_text='The day of the proclamation.')),
                ('source', models.CharField(help_text='Where the proclamation can be read.', max_length=200)),
                ('withdrawn_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'proclaimed bank holiday',
                'ordering': ['-day', 'jurisdiction'],
                'default_permissions': ('view', 'add', 'change'),
            },
        ),
        migrations.CreateModel(
            name='ProclaimedDayEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('jurisdiction', models.CharField(choices=[('england-and-wales', 'England and Wales'), ('scotland', 'Scotland'), ('northern-ireland', 'Northern Ireland')], max_length=20)),
                ('day', models.DateField()),
                ('name', models.CharField(help_text='As the proclamation calls it.', max_length=80)),
                ('change', models.CharField(choices=[('added', 'Becomes a bank holiday'), ('taken_away', 'Is no bank holiday after all')], max_length=10)),
                ('proclaimed_on', models.DateField(help_text='The day of the proclamation.')),
                ('source', models.CharField(help_text='Where the proclamation can be read.', max_length=200)),
                ('withdrawn_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='confirmedyear',
            trigger=pgtrigger.compiler.Trigger(name='frozen', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='493e27fe348b33219719f4177be7d425e6baa9b3', operation='UPDATE OR DELETE', pgid='pgtrigger_frozen_3cea2', table='deadlines_confirmedyear', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='proclaimedday',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_on__isnull', True)), fields=('jurisdiction', 'day'), name='proclaimedday_once'),
        ),
        migrations.AddConstraint(
            model_name='proclaimedday',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_on__isnull', True), ('withdrawn_on__gte', models.F('proclaimed_on')), _connector='OR'), name='proclaimedday_withdrawn_after_it_was_proclaimed'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='proclaimedday',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "deadlines_proclaimeddayevent" ("change", "day", "id", "jurisdiction", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proclaimed_on", "source", "withdrawn_on") VALUES (NEW."change", NEW."day", NEW."id", NEW."jurisdiction", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proclaimed_on", NEW."source", NEW."withdrawn_on"); RETURN NULL;', hash='7037cc4303b022a5eb8f72095a778cd269184fe3', operation='INSERT', pgid='pgtrigger_insert_insert_81469', table='deadlines_proclaimedday', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='proclaimedday',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "deadlines_proclaimeddayevent" ("change", "day", "id", "jurisdiction", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proclaimed_on", "source", "withdrawn_on") VALUES (NEW."change", NEW."day", NEW."id", NEW."jurisdiction", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proclaimed_on", NEW."source", NEW."withdrawn_on"); RETURN NULL;', hash='69902ab4c9e0b4be58a236d164779389d4415709', operation='UPDATE', pgid='pgtrigger_update_update_8f138', table='deadlines_proclaimedday', when='AFTER')),
        ),
        migrations.AddField(
            model_name='proclaimeddayevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='proclaimeddayevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='deadlines.proclaimedday'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='proclaimeddayevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e5c144511165b0d1a1fda120ceaf1f54335c11ee', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_44409', table='deadlines_proclaimeddayevent', when='BEFORE')),
        ),
    ]
