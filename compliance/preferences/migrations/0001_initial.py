import compliance.preferences.channels
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import privacy.fields
from django.db import migrations, models


# Note whoever leaves a contact point or a surname, and whoever has an objection and gets another one, however it comes.
# Values that are only sealed under another key are the same ones (customers/rotation.py).
NOTE = """
CREATE FUNCTION preferences_note_gained() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO preferences_pendingsuppression (customer_id)
    SELECT DISTINCT n.customer_id FROM new_rows n
    WHERE EXISTS (SELECT FROM preferences_choiceevent e
                  WHERE e.customer_id = n.customer_id AND e.kind IN ('objection', 'withdrawal'));
    RETURN NULL;
END $$;
CREATE TRIGGER preferences_note_gained AFTER INSERT ON customers_contactpoint
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION preferences_note_gained();

CREATE FUNCTION preferences_note_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('privacy.renewing_keys', true) = 'on' THEN RETURN NULL; END IF;
    INSERT INTO preferences_pendingsuppression (customer_id)
    SELECT DISTINCT n.customer_id FROM new_rows n JOIN old_rows o ON o.id = n.id
    WHERE n.valid_to IS NOT NULL AND o.valid_to IS NULL
    OR (n.lookup, n.valid_to) IS DISTINCT FROM (o.lookup, o.valid_to)
        AND EXISTS (SELECT FROM preferences_choiceevent e
                    WHERE e.customer_id = n.customer_id AND e.kind IN ('objection', 'withdrawal'));
    RETURN NULL;
END $$;
CREATE TRIGGER preferences_note_changed AFTER UPDATE ON customers_contactpoint
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION preferences_note_changed();

-- A postal address is suppressed together with the surname, so another surname is another contact point.
CREATE FUNCTION preferences_note_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('privacy.renewing_keys', true) = 'on' THEN RETURN NULL; END IF;
    INSERT INTO preferences_pendingsuppression (customer_id, former_surname)
    SELECT n.id, o.surname FROM new_rows n JOIN old_rows o ON o.id = n.id
    WHERE n.surname_lookup IS DISTINCT FROM o.surname_lookup AND n.surname_lookup IS NOT NULL
    AND EXISTS (SELECT FROM customers_contactpoint p WHERE p.customer_id = n.id AND p.kind = 'address');
    RETURN NULL;
END $$;
CREATE TRIGGER preferences_note_renamed AFTER UPDATE ON customers_customer
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION preferences_note_renamed();
"""

UNDO = """
DROP TRIGGER preferences_note_renamed ON customers_customer;
DROP TRIGGER preferences_note_changed ON customers_contactpoint;
DROP TRIGGER preferences_note_gained ON customers_contactpoint;
DROP FUNCTION preferences_note_renamed();
DROP FUNCTION preferences_note_changed();
DROP FUNCTION preferences_note_gained();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('customers', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Screening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=80)),
                ('channel', models.CharField(choices=compliance.preferences.channels.labels, max_length=16)),
                ('sender', models.SlugField(max_length=40)),
                ('campaign', models.SlugField(blank=True, max_length=60)),
                ('suppression_only', models.BooleanField(default=False)),
                ('digest', models.CharField(help_text='SHA-256 of the list as it was given.', max_length=64)),
                ('allowed', models.PositiveIntegerField()),
                ('suppressed', models.PositiveIntegerField()),
                ('unreadable', models.PositiveIntegerField()),
                ('disclosed', models.PositiveIntegerField(default=0, help_text='Customers in whose log of recipients it was noted.')),
            ],
            options={
                'verbose_name_plural': 'lists that were screened',
                'ordering': ['-at', '-pk'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40)),
                ('text', models.TextField()),
                ('senders', django.contrib.postgres.fields.ArrayField(base_field=models.SlugField(max_length=40), default=list, help_text="Whom it names: us, or recipients' codes.", size=None)),
                ('channels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=compliance.preferences.channels.labels, max_length=16), default=list, size=None)),
                ('unticked', models.BooleanField(help_text='The box was empty, or the question open, until the person acted.')),
                ('first_used_at', models.DateTimeField()),
                ('digest', models.CharField(help_text='SHA-256 of all of the above but the day.', max_length=64, unique=True)),
            ],
            options={
                'verbose_name_plural': 'words that people were shown',
                'ordering': ['code', '-first_used_at'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='ChoiceEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contact', models.UUIDField(help_text='Digest of the contact point, as in the suppression list.', null=True)),
                ('contact_kind', models.CharField(blank=True, choices=[('email', 'Email address'), ('phone', 'Telephone number'), ('address', 'Name and postal address')], max_length=8)),
                ('contact_value', privacy.fields.SealedTextField(editable=True, help_text='The address or number consented for: evidence needs it.', null=True)),
                ('kind', models.CharField(choices=[('objection', 'Objection'), ('withdrawal', 'Consent withdrawn'), ('consent', 'Consent'), ('soft_opt_in', 'Bought from us and did not refuse'), ('not_objected', 'Left a box to object unticked (which is not consent)')], max_length=12)),
                ('channel', models.CharField(choices=compliance.preferences.channels.labels, max_length=16)),
                ('sender', models.SlugField(help_text="us, third_parties, or a recipient's code in the register.", max_length=40)),
                ('source', models.CharField(choices=[('web_form', 'Form on this site'), ('choices_page', 'Your choices page'), ('one_click', 'One click in an email'), ('email', 'Email'), ('letter', 'Letter'), ('telephone', 'Telephone'), ('in_person', 'In person'), ('gpc', 'Browser signal (Global Privacy Control)'), ('request', 'Rights request'), ('shop', 'The shop'), ('followed', 'Taken along from an earlier contact detail')], max_length=12)),
                ('at', models.DateTimeField(help_text='When it was said; it takes effect then.')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.CharField(help_text='Who took it: staff:ID, customer:ID or job:NAME.', max_length=80)),
                ('page', models.CharField(blank=True, help_text='The page or the script that was used.', max_length=80)),
                ('notice_version', models.PositiveIntegerField(help_text='The privacy notice that was in force.', null=True)),
                ('origin', privacy.fields.SealedTextField(editable=True, help_text='IP address, or the reference of the recording.', null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('sale', privacy.fields.SealedTextField(editable=True, help_text='The order or negotiation that a soft opt-in rests on.', null=True)),
                ('reference', models.CharField(help_text='What belongs together: one act of one person.', max_length=20)),
                ('source_digest', models.UUIDField(editable=False, null=True)),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='choice_events', to='customers.customer')),
            ],
            options={
                'verbose_name_plural': 'marketing choices',
                'ordering': ['-at', '-pk'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='MarketingPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.UUIDField()),
                ('channel', models.CharField(choices=compliance.preferences.channels.labels, max_length=16)),
                ('sender', models.SlugField(max_length=40)),
                ('consented_at', models.DateTimeField(help_text='The latest consent with full evidence.', null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('soft_at', models.DateTimeField(help_text='The latest soft opt-in.', null=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marketing_permissions', to='customers.customer')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='MarketingRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(help_text='Told to the sender.', max_length=20, unique=True)),
                ('token', models.UUIDField(help_text='One for each form shown or message read: the same twice is one request.', unique=True)),
                ('source', models.CharField(choices=[('web_form', 'Form on this site'), ('choices_page', 'Your choices page'), ('one_click', 'One click in an email'), ('email', 'Email'), ('letter', 'Letter'), ('telephone', 'Telephone'), ('in_person', 'In person'), ('gpc', 'Browser signal (Global Privacy Control)'), ('request', 'Rights request'), ('shop', 'The shop'), ('followed', 'Taken along from an earlier contact detail')], max_length=12)),
                ('received_at', models.DateTimeField()),
                ('channels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=compliance.preferences.channels.labels, max_length=16), default=list, size=None)),
                ('senders', django.contrib.postgres.fields.ArrayField(base_field=models.SlugField(max_length=40), default=list, size=None)),
                ('name', privacy.fields.SealedTextField(editable=True, null=True)),
                ('customer_number', privacy.fields.SealedTextField(editable=True, null=True)),
                ('email', privacy.fields.SealedTextField(editable=True, null=True)),
                ('phone', privacy.fields.SealedTextField(editable=True, null=True)),
                ('address', privacy.fields.SealedTextField(editable=True, null=True)),
                ('words', privacy.fields.SealedTextField(editable=True, help_text='What was written, where it was not a form.', null=True)),
                ('state', models.CharField(choices=[('done', 'Done'), ('open', 'To be matched'), ('nobody', 'Nobody of ours')], max_length=6)),
                ('handled_at', models.DateTimeField(null=True)),
                ('handled_by', models.CharField(blank=True, max_length=80)),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='marketing_requests', to='customers.customer')),
            ],
            options={
                'verbose_name_plural': 'requests about marketing',
                'ordering': ['-received_at'],
                'default_permissions': ('view', 'change'),
            },
        ),
        migrations.CreateModel(
            name='PendingSuppression',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('former_surname', models.BinaryField(help_text='The surname they left, sealed as it stood in their record.', null=True)),
                ('during', models.BigIntegerField(db_default=django.db.models.expressions.RawSQL('pg_current_xact_id()::text::bigint', []), help_text='The transaction that noted it.')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.customer')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='PreferenceServiceFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('service', models.CharField(choices=[('tps', 'Telephone Preference Service'), ('ctps', 'Corporate Telephone Preference Service'), ('mps', 'Mailing Preference Service')], max_length=4)),
                ('dated_on', models.DateField(help_text="The day of the service's own file; it is good for 28 days.")),
                ('loaded_at', models.DateTimeField()),
                ('by', models.CharField(max_length=80)),
                ('lines', models.PositiveIntegerField()),
                ('digest', models.CharField(help_text='SHA-256 of the file.', max_length=64)),
            ],
            options={
                'verbose_name_plural': 'files of the preference services',
                'ordering': ['-dated_on', '-pk'],
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['loaded_at', 'id'], name='preferencefile_loaded')],
            },
        ),
        migrations.CreateModel(
            name='ListedContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.UUIDField()),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='preferences.preferenceservicefile')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Suppression',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.UUIDField()),
                ('kind', models.CharField(choices=[('email', 'Email address'), ('phone', 'Telephone number'), ('address', 'Name and postal address')], max_length=8)),
                ('channel', models.CharField(choices=compliance.preferences.channels.labels, max_length=16)),
                ('sender', models.SlugField(help_text="us, third_parties, or a recipient's code.", max_length=40)),
                ('source', models.CharField(choices=[('web_form', 'Form on this site'), ('choices_page', 'Your choices page'), ('one_click', 'One click in an email'), ('email', 'Email'), ('letter', 'Letter'), ('telephone', 'Telephone'), ('in_person', 'In person'), ('gpc', 'Browser signal (Global Privacy Control)'), ('request', 'Rights request'), ('shop', 'The shop'), ('followed', 'Taken along from an earlier contact detail')], max_length=12)),
                ('at', models.DateTimeField(help_text='The latest objection.')),
                ('key_id', models.CharField(max_length=16)),
                ('form', models.PositiveSmallIntegerField(help_text='Version of the normalised form.')),
                ('feed_digest', models.BinaryField(help_text='For partners, under the feed key.', max_length=32, null=True)),
                ('feed_key_id', models.CharField(blank=True, max_length=16)),
            ],
            options={
                'verbose_name_plural': 'suppression list entries',
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['at', 'id'], name='suppression_at')],
                'constraints': [models.UniqueConstraint(fields=('digest', 'channel', 'sender'), name='suppression_once'), models.CheckConstraint(condition=models.Q(models.Q(('feed_digest__isnull', True), ('feed_key_id', '')), models.Q(('feed_digest__isnull', False), models.Q(('feed_key_id', ''), _negated=True)), _connector='OR'), name='suppression_feed_digest_has_its_key')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='suppression',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF TG_OP = 'DELETE' AND current_setting('privacy.erasing', true) = 'on' THEN RETURN OLD; END IF;\n            IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY['at', 'source', 'feed_digest', 'feed_key_id']::text[] = to_jsonb(OLD) - ARRAY['at', 'source', 'feed_digest', 'feed_key_id']::text[]\n            THEN RETURN NEW; END IF;\n            RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';\n        ", hash='ed6caf0adbe0a9e3514a1d268091c5af7713bc9a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8deb2', table='preferences_suppression', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='suppression',
            trigger=pgtrigger.compiler.Trigger(name='never_earlier', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."at" < (OLD."at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='bb687bf93289304eddb09f6665147c8ef78b66e7', operation='UPDATE', pgid='pgtrigger_never_earlier_fcaa5', table='preferences_suppression', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='choiceevent',
            name='wording',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='preferences.wording'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='wording',
            trigger=pgtrigger.compiler.Trigger(name='frozen', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='c2a3ffa6551342d1da765caf2d9bafa536e850ff', operation='UPDATE', pgid='pgtrigger_frozen_e9230', table='preferences_wording', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='marketingpermission',
            constraint=models.UniqueConstraint(fields=('digest', 'channel', 'sender', 'customer'), name='marketingpermission_once'),
        ),
        migrations.AddIndex(
            model_name='marketingrequest',
            index=models.Index(fields=['received_at', 'id'], name='marketingrequest_received'),
        ),
        migrations.AddIndex(
            model_name='marketingrequest',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['received_at'], name='marketingrequest_open'),
        ),
        migrations.AddConstraint(
            model_name='marketingrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('handled_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('handled_at__isnull', False)), _connector='OR'), name='marketingrequest_handled_when_closed'),
        ),
        migrations.AddIndex(
            model_name='listedcontact',
            index=models.Index(fields=['digest'], name='listedcontact_digest'),
        ),
        migrations.AddIndex(
            model_name='choiceevent',
            index=models.Index(condition=models.Q(('contact__isnull', False)), fields=['contact'], name='choice_contact'),
        ),
        migrations.AddIndex(
            model_name='choiceevent',
            index=models.Index(fields=['reference'], name='choice_reference'),
        ),
        migrations.AddIndex(
            model_name='choiceevent',
            index=models.Index(condition=models.Q(('customer__isnull', True)), fields=['at', 'id'], name='choice_unmatched'),
        ),
        migrations.AddConstraint(
            model_name='choiceevent',
            constraint=models.UniqueConstraint(condition=models.Q(('source_digest__isnull', False)), fields=('source_digest',), name='choice_imported_once'),
        ),
        migrations.AddConstraint(
            model_name='choiceevent',
            constraint=models.CheckConstraint(condition=models.Q(('customer__isnull', False), ('contact__isnull', False), _connector='OR'), name='choice_is_somebodys'),
        ),
        migrations.AddConstraint(
            model_name='choiceevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['consent', 'soft_opt_in']), ('sender', 'third_parties'), _negated=True), name='choice_consent_names_its_sender'),
        ),
        migrations.AddConstraint(
            model_name='choiceevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'soft_opt_in'), _negated=True), ('sale__isnull', False), _connector='OR'), name='choice_soft_opt_in_names_its_sale'),
        ),
        migrations.AddConstraint(
            model_name='choiceevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'soft_opt_in'), _negated=True), ('sender', 'us'), _connector='OR'), name='choice_soft_opt_in_is_ours'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='choiceevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF TG_OP = 'DELETE' AND current_setting('privacy.erasing', true) = 'on' THEN RETURN OLD; END IF;\n            IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY['contact_value', 'origin', 'sale', 'source_digest']::text[] = to_jsonb(OLD) - ARRAY['contact_value', 'origin', 'sale', 'source_digest']::text[]\n            THEN RETURN NEW; END IF;\n            RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';\n        ", hash='efa3c8269cf0cedf7d1ddb1791eb1ebc1f10b681', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8a4c4', table='preferences_choiceevent', when='BEFORE')),
        ),
        migrations.RunSQL(NOTE, UNDO),
    ]
