import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import privacy.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('customers', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Pack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(help_text='The public reference of the request that it answers.', max_length=20)),
                ('number', models.PositiveSmallIntegerField(help_text='The first copy for a request is 1; each replaces the last.')),
                ('state', models.CharField(choices=[('in_review', 'Being read'), ('read', 'Waits for the second person'), ('checked', 'Being built'), ('failed', 'Could not be built'), ('built', 'Ready to be released'), ('released', 'Released'), ('withdrawn', 'Withdrawn')], default='in_review', max_length=9)),
                ('begun_at', models.DateTimeField()),
                ('begun_by', models.CharField(max_length=80)),
                ('read_at', models.DateTimeField(help_text='When the last text was read.', null=True)),
                ('read_by', models.CharField(blank=True, max_length=80)),
                ('checked_at', models.DateTimeField(null=True)),
                ('checked_by', models.CharField(blank=True, help_text='A second person, never one who read.', max_length=80)),
                ('returned_at', models.DateTimeField(help_text='When the second person last gave it back.', null=True)),
                ('returned_by', models.CharField(blank=True, max_length=80)),
                ('word', privacy.fields.SealedTextField(editable=True, help_text='What the second person said with it.', null=True)),
                ('built_at', models.DateTimeField(null=True)),
                ('fingerprint', models.CharField(blank=True, help_text='Digest of everything that was gathered.', max_length=64)),
                ('tables', models.JSONField(default=dict, help_text='Digest of each table that was gathered, to tell what has changed.')),
                ('digest', models.CharField(blank=True, help_text='SHA-256 of the archive.', max_length=64)),
                ('size', models.PositiveBigIntegerField(default=0, help_text='Bytes.')),
                ('records', models.PositiveIntegerField(default=0)),
                ('means', models.CharField(choices=[('online', 'To fetch, behind a one-time code'), ('post', 'On paper, by post')], default='online', max_length=6)),
                ('released_at', models.DateTimeField(help_text='When it was last released.', null=True)),
                ('released_by', models.CharField(blank=True, max_length=80)),
                ('expires_at', models.DateTimeField(help_text='Not handed out from this moment on.', null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_by', models.CharField(blank=True, max_length=80)),
                ('withdrawn_why', privacy.fields.SealedTextField(editable=True, help_text='For colleagues.', null=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='packs', to='customers.customer')),
            ],
            options={
                'verbose_name': 'copy of data',
                'verbose_name_plural': 'copies of data',
                'ordering': ['-pk'],
                'permissions': [('check_pack', 'Can check, as the second person, what was left out of a copy')],
                'default_permissions': ('view', 'change'),
            },
        ),
        migrations.CreateModel(
            name='PackFetch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('how', models.CharField(choices=[('download', 'Fetched'), ('print', 'Printed for the post')], max_length=8)),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=80)),
                ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fetches', to='access.pack')),
            ],
            options={
                'verbose_name_plural': 'pack fetches',
                'ordering': ['pk'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='PackPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('content', privacy.fields.SealedTextField(editable=True, help_text='The bytes, one character each (Latin-1).')),
                ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='access.pack')),
            ],
            options={
                'ordering': ['pack', 'number'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(help_text='The model, as app.Model.', max_length=80)),
                ('row', models.CharField(help_text='Its primary key.', max_length=40)),
                ('field', models.CharField(blank=True, max_length=60)),
                ('digest', models.UUIDField(help_text='Keyed digest of the text that was read.', null=True)),
                ('reason', models.CharField(blank=True, choices=[('other_person', 'Another person (paragraph 16)'), ('privilege', 'Legal advice or legal proceedings (paragraphs 5 and 19)'), ('negotiation', 'Negotiations with the person (paragraph 23)'), ('forecast', 'Management forecasts and planning (paragraph 22)'), ('reference', 'A reference given in confidence (paragraph 24)'), ('crime', 'Crime, fraud or tax: leaves no trace (paragraph 2)'), ('regulatory', 'A regulator’s work: leaves no trace (paragraphs 7 to 12)'), ('incrimination', 'Self-incrimination: leaves no trace (paragraph 20)')], help_text='Why all of it is held back.', max_length=13)),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=80)),
                ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='access.pack')),
            ],
            options={
                'ordering': ['pk'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='Redaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.PositiveIntegerField(help_text='The first character left out, counted from 0.')),
                ('end', models.PositiveIntegerField(help_text='The first character after it.')),
                ('reason', models.CharField(choices=[('other_person', 'Another person (paragraph 16)'), ('privilege', 'Legal advice or legal proceedings (paragraphs 5 and 19)'), ('negotiation', 'Negotiations with the person (paragraph 23)'), ('forecast', 'Management forecasts and planning (paragraph 22)'), ('reference', 'A reference given in confidence (paragraph 24)'), ('crime', 'Crime, fraud or tax: leaves no trace (paragraph 2)'), ('regulatory', 'A regulator’s work: leaves no trace (paragraphs 7 to 12)'), ('incrimination', 'Self-incrimination: leaves no trace (paragraph 20)')], max_length=13)),
                ('reading', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='redactions', to='access.reading')),
            ],
            options={
                'ordering': ['reading', 'start'],
                'default_permissions': ('view',),
            },
        ),
        migrations.AddIndex(
            model_name='pack',
            index=models.Index(fields=['released_at', 'id'], name='pack_released'),
        ),
        migrations.AddIndex(
            model_name='pack',
            index=models.Index(fields=['begun_at', 'id'], name='pack_begun'),
        ),
        migrations.AddIndex(
            model_name='pack',
            index=models.Index(fields=['state', 'id'], name='pack_state'),
        ),
        migrations.AddConstraint(
            model_name='pack',
            constraint=models.UniqueConstraint(fields=('reference', 'number'), name='pack_numbered_once'),
        ),
        migrations.AddConstraint(
            model_name='pack',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'withdrawn'), _negated=True), fields=('reference',), name='pack_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='pack',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('read_at__isnull', True), ('read_by', '')), models.Q(('read_at__isnull', False), models.Q(('read_by', ''), _negated=True)), _connector='OR'), name='pack_read_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='pack',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('checked_at__isnull', True), ('checked_by', '')), models.Q(('checked_at__isnull', False), models.Q(('checked_by', ''), _negated=True)), _connector='OR'), name='pack_checked_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='pack',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('released_at__isnull', True), ('released_by', '')), models.Q(('released_at__isnull', False), models.Q(('released_by', ''), _negated=True)), _connector='OR'), name='pack_released_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='pack',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by', '')), models.Q(('withdrawn_at__isnull', False), models.Q(('withdrawn_by', ''), _negated=True)), _connector='OR'), name='pack_withdrawn_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='pack',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('returned_at__isnull', True), ('returned_by', ''), ('word__isnull', True)), models.Q(('returned_at__isnull', False), ('word__isnull', False), models.Q(('returned_by', ''), _negated=True)), _connector='OR'), name='pack_returned_with_a_word'),
        ),
        migrations.AddConstraint(
            model_name='pack',
            constraint=models.CheckConstraint(condition=models.Q(('checked_by', ''), models.Q(('read_at__isnull', False), models.Q(('checked_by', models.F('read_by')), _negated=True)), _connector='OR'), name='pack_checker_is_never_the_reader'),
        ),
        migrations.AddConstraint(
            model_name='pack',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('checked_at__isnull', True), ('read_at__isnull', True), ('state', 'in_review')), models.Q(('checked_at__isnull', True), ('read_at__isnull', False), ('state', 'read')), models.Q(('checked_at__isnull', False), ('state__in', ['checked', 'failed', 'built'])), models.Q(('checked_at__isnull', False), ('released_at__isnull', False), ('state', 'released')), models.Q(('state', 'withdrawn'), ('withdrawn_at__isnull', False)), _connector='OR'), name='pack_state_has_its_people'),
        ),
        migrations.AddConstraint(
            model_name='pack',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), ('state', 'withdrawn'), _connector='OR'), name='pack_withdrawn_stays_so'),
        ),
        migrations.AddConstraint(
            model_name='pack',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['built', 'released']), _negated=True), models.Q(('built_at__isnull', False), ('size__gt', 0), models.Q(('digest', ''), _negated=True), models.Q(('fingerprint', ''), _negated=True)), _connector='OR'), name='pack_built_before_it_is_released'),
        ),
        migrations.AddConstraint(
            model_name='pack',
            constraint=models.CheckConstraint(condition=models.Q(('released_at__isnull', True), models.Q(('expires_at__isnull', True), ('means', 'post')), models.Q(('expires_at__gt', models.F('released_at')), ('means', 'online')), _connector='OR'), name='pack_online_until_it_expires'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pack',
            trigger=pgtrigger.compiler.Trigger(name='checked_by_somebody_else', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."checked_by" IS DISTINCT FROM (OLD."checked_by"))', func="\n                IF NEW.checked_by <> '' AND EXISTS (\n                    SELECT 1 FROM access_reading reading JOIN access_pack pack ON pack.id = reading.pack_id\n                    WHERE pack.reference = NEW.reference AND reading.by = NEW.checked_by\n                      AND reading.at > COALESCE((SELECT max(other.checked_at) FROM access_pack other\n                          WHERE other.reference = NEW.reference AND other.checked_at < NEW.checked_at), '-infinity'))\n                THEN RAISE EXCEPTION 'whoever read a text cannot check it' USING ERRCODE = 'restrict_violation'; END IF;\n                RETURN NEW;\n            ", hash='fe1f4ce454ba42f8df42e99eb7038a0d2f5b1d9c', operation='UPDATE OF "checked_by"', pgid='pgtrigger_checked_by_somebody_else_0b5da', table='access_pack', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='packfetch',
            constraint=models.CheckConstraint(condition=models.Q(('by', ''), _negated=True), name='packfetch_by_somebody'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='packfetch',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF TG_OP = 'DELETE' AND current_setting('privacy.erasing', true) = 'on' THEN RETURN OLD; END IF;\n            IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY[]::text[] = to_jsonb(OLD) - ARRAY[]::text[]\n            THEN RETURN NEW; END IF;\n            RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';\n        ", hash='88db4612baaf1734ad28dc5aa176f959a43da8b0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1785d', table='access_packfetch', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='packpart',
            constraint=models.UniqueConstraint(fields=('pack', 'number'), name='packpart_numbered_once'),
        ),
        migrations.AddIndex(
            model_name='reading',
            index=models.Index(fields=['pack', 'label', 'row'], name='reading_of_record'),
        ),
        migrations.AddConstraint(
            model_name='reading',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('digest__isnull', True), ('field', '')), models.Q(models.Q(('field', ''), _negated=True), ('digest__isnull', False)), _connector='OR'), name='reading_of_a_text_knows_it'),
        ),
        migrations.AddConstraint(
            model_name='reading',
            constraint=models.CheckConstraint(condition=models.Q(('by', ''), _negated=True), name='reading_by_somebody'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reading',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF TG_OP = 'DELETE' AND current_setting('privacy.erasing', true) = 'on' THEN RETURN OLD; END IF;\n            IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY[]::text[] = to_jsonb(OLD) - ARRAY[]::text[]\n            THEN RETURN NEW; END IF;\n            RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';\n        ", hash='468e37965527dbad26d79d7dd7d1cc6f2cee1e7a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c1f5f', table='access_reading', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='redaction',
            constraint=models.UniqueConstraint(fields=('reading', 'start'), name='redaction_begins_once'),
        ),
        migrations.AddConstraint(
            model_name='redaction',
            constraint=models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='redaction_has_words'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='redaction',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF TG_OP = 'DELETE' AND current_setting('privacy.erasing', true) = 'on' THEN RETURN OLD; END IF;\n            IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY[]::text[] = to_jsonb(OLD) - ARRAY[]::text[]\n            THEN RETURN NEW; END IF;\n            RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';\n        ", hash='538dff1787d73923d8ec7fe0e94c52917f50330b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ca7d0', table='access_redaction', when='BEFORE')),
        ),
    ]
