import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import privacy.fields
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('customers', '0001_initial'),
        ('outbox', '0001_initial'),
        ('retention', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Outcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effect', models.SlugField(db_index=False, help_text='Its code (see effects).', max_length=30)),
                ('token', models.UUIDField(help_text='One for each form shown: the same twice is done once.', unique=True)),
                ('at', models.DateTimeField()),
                ('by', models.CharField(help_text='staff:ID, customer:ID or job:NAME.', max_length=80)),
                ('codes', models.JSONField(default=dict, help_text='Codes, dates and counts; no personal value.')),
                ('lines', privacy.fields.SealedTextField(editable=True, help_text='What the person is told, line by line, as JSON.', null=True)),
                ('record', privacy.fields.SealedTextField(editable=True, help_text='Reasons, main factors, remedy: for colleagues, as JSON.', null=True)),
            ],
            options={
                'ordering': ['pk'],
                'permissions': [('erase_person', 'Can erase a person who asks for it')],
                'default_permissions': ('view', 'add'),
            },
        ),
        migrations.CreateModel(
            name='ProcessingStop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.SlugField(help_text="The purpose's code in the register.", max_length=40)),
                ('token', models.UUIDField(help_text='By which instructions to others name it.', unique=True)),
                ('began_at', models.DateTimeField()),
                ('began_by', models.CharField(max_length=80)),
                ('ended_on', models.DateField(help_text='They allowed the use again.', null=True)),
                ('ended_by', models.CharField(blank=True, max_length=80)),
                ('why_ended', privacy.fields.SealedTextField(editable=True, help_text='How we know that, for colleagues.', null=True)),
            ],
            options={
                'ordering': ['-began_at', '-pk'],
                'default_permissions': ('view', 'change'),
            },
        ),
        migrations.CreateModel(
            name='Restriction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ground', models.CharField(choices=[('accuracy', 'They say that it is not accurate, and we check it (Article 18(1)(a))'), ('unlawful', 'The use is unlawful, and they do not want it erased (Article 18(1)(b))'), ('claim', 'They need it for a legal claim (Article 18(1)(c))'), ('objection', 'They objected, and we weigh their reasons (Article 18(1)(d))'), ('asked', 'They asked for it, and we look at the ground')], max_length=9)),
                ('began_at', models.DateTimeField()),
                ('began_by', models.CharField(max_length=80)),
                ('purposes', django.contrib.postgres.fields.ArrayField(base_field=models.SlugField(max_length=40), default=list, help_text='The uses that it is about, by their codes; empty: every use.', size=None)),
                ('categories', django.contrib.postgres.fields.ArrayField(base_field=models.SlugField(max_length=40), default=list, help_text='The data that it is about, by their codes; empty: all of it.', size=None)),
                ('goes_on', models.JSONField(default=dict, help_text='The uses that go on all the same, each with what lets it (Article 18(2)).')),
                ('confirmed_at', models.DateTimeField(help_text='From then on it covers more than marketing and erasure.', null=True)),
                ('confirmed_by', models.CharField(blank=True, max_length=80)),
                ('expires_on', models.DateField(help_text='When it ends if it is not clear by then who asks.', null=True)),
                ('warned_on', models.DateField(help_text='The person was told that it will be lifted.', null=True)),
                ('warned_by', models.CharField(blank=True, max_length=80)),
                ('lifted_on', models.DateField(null=True)),
                ('lifted_by', models.CharField(blank=True, max_length=80)),
                ('mistaken', models.BooleanField(default=False, help_text='It was never theirs: the case was matched to somebody else.')),
                ('joined_to', models.ForeignKey(help_text='It goes on in this one: the requests of both were put together.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='joined', to='cases.restriction')),
                ('reason', privacy.fields.SealedTextField(editable=True, help_text='Why it was lifted, for colleagues.', null=True)),
            ],
            options={
                'ordering': ['-pk'],
                'default_permissions': ('view', 'change'),
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.UUIDField(help_text='That of the form by which it was kept.', unique=True)),
                ('text', privacy.fields.SealedTextField(editable=True)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-pk'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('message', 'Read what they wrote, and answer'), ('new_copy', 'Let them have a new copy'), ('put_back', 'Put back the contact details that they had'), ('authority', 'See whether they may ask for somebody else'), ('acknowledge', 'Confirm the complaint'), ('progress', 'Write how the complaint stands'), ('remedy', 'Do what was decided about the complaint')], max_length=12)),
                ('made_at', models.DateTimeField()),
                ('due_on', models.DateField(help_text='The last day, as the person was told.')),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.CharField(blank=True, max_length=80)),
                ('how', models.CharField(blank=True, choices=[('done', 'Done, as a colleague wrote down'), ('fulfilled', 'Done with a step of the case'), ('overtaken', 'Not needed any more')], max_length=9)),
            ],
            options={
                'ordering': ['due_on', 'pk'],
                'default_permissions': ('view', 'change'),
            },
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(help_text='Told to the person; it cannot be guessed.', max_length=20, unique=True)),
                ('token', models.UUIDField(help_text='One for each form shown: the same twice is one case.', unique=True)),
                ('kind', models.CharField(choices=[('sar', 'A copy of my data'), ('cra_disclosure', 'Which credit reference agencies were asked'), ('rectification', 'Correction'), ('erasure', 'Erasure'), ('restriction', 'Restriction of use'), ('objection', 'Objection to a use'), ('marketing_objection', 'Objection to marketing'), ('consent_withdrawal', 'Withdrawal of consent'), ('portability', 'Moving data'), ('adm_review', 'Human review of a credit decision'), ('complaint_ack', 'Complaint about data protection'), ('fca_complaint_final', 'Complaint about credit'), ('bereavement', 'About somebody who has died')], max_length=20)),
                ('channel', models.CharField(choices=[('web', 'This site'), ('letter', 'Letter'), ('telephone', 'Telephone'), ('email', 'Email'), ('in_person', 'In person'), ('agent', 'Agent with authority'), ('social', 'Social media')], max_length=10)),
                ('requester', models.CharField(choices=[('customer', 'The person themselves'), ('agent', 'Somebody acting for them'), ('parent', 'Parent or guardian'), ('executor', 'Somebody who writes about a person who died')], default='customer', max_length=8)),
                ('status', models.CharField(choices=[('open', 'To be worked on'), ('waiting', 'Waiting for the customer'), ('completed', 'Done'), ('partly', 'Done in part'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn'), ('merged', 'Part of another case'), ('lapsed', 'Closed without an answer from the customer')], default='open', max_length=9)),
                ('received_at', models.DateTimeField(help_text='When it reached any part of the organisation; never taken from the public.')),
                ('received_on', models.DateField(help_text='The day of that in London.')),
                ('recorded_at', models.DateTimeField(auto_now_add=True)),
                ('jurisdiction', models.CharField(choices=[('england-and-wales', 'England and Wales'), ('scotland', 'Scotland'), ('northern-ireland', 'Northern Ireland')], max_length=20)),
                ('name', privacy.fields.SealedTextField(editable=True, null=True)),
                ('requester_name', privacy.fields.SealedTextField(editable=True, help_text='Of whoever asks for somebody else.', null=True)),
                ('customer_number', privacy.fields.SealedTextField(editable=True, null=True)),
                ('email', privacy.fields.SealedTextField(editable=True, null=True)),
                ('phone', privacy.fields.SealedTextField(editable=True, null=True)),
                ('address', privacy.fields.SealedTextField(editable=True, null=True)),
                ('words', privacy.fields.SealedTextField(editable=True, help_text='What they asked, in their words.', null=True)),
                ('details', privacy.fields.SealedTextField(editable=True, help_text='What the form of this kind asks for, as JSON.', null=True)),
                ('start_on', models.DateField(null=True)),
                ('due_on', models.DateField(help_text='Empty while the clock waits or is paused, and when there is no last day.', null=True)),
                ('target_on', models.DateField(null=True)),
                ('review_on', models.DateField(help_text='When to look again while there is no last day.', null=True)),
                ('extension_until', models.DateField(help_text='The last day on which a notice of extension counts.', null=True)),
                ('extended', models.BooleanField(default=False)),
                ('paused', models.BooleanField(default=False)),
                ('rule_version', models.CharField(max_length=60)),
                ('examined_from', models.DateField(help_text='A bank holiday between these days may move the due date.', null=True)),
                ('examined_to', models.DateField(null=True)),
                ('identified_at', models.DateTimeField(help_text='When it was clear that the requester is who they say.', null=True)),
                ('identified_by', models.CharField(blank=True, help_text='customer:ID after a one-time code, or staff:ID.', max_length=80)),
                ('outcome_ground', models.SlugField(blank=True, help_text='Why it was refused, whole or in part.', max_length=40)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_on', models.DateField(null=True)),
                ('assignee', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases', to=settings.AUTH_USER_MODEL)),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='customers.customer')),
                ('merged_into', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='cases.case')),
            ],
            options={
                'verbose_name': 'request',
                'ordering': ['due_on', 'pk'],
                'default_permissions': ('view', 'add', 'change'),
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('letter', 'Letter'), ('authority', 'Authority'), ('identity', 'Proof of identity'), ('other', 'Other')], max_length=9)),
                ('name', privacy.fields.SealedTextField(editable=True, help_text='As the sender called it.')),
                ('media_type', models.CharField(help_text='As its content shows, not its name.', max_length=60)),
                ('size', models.PositiveIntegerField(help_text='Bytes.')),
                ('content', privacy.fields.SealedTextField(editable=True, help_text='The bytes, one character each (Latin-1).')),
                ('added_at', models.DateTimeField()),
                ('added_by', models.CharField(max_length=80)),
                ('checked_on', models.DateField(help_text='When proof of identity was looked at: its period begins then.', null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='cases.case')),
            ],
            options={
                'ordering': ['pk'],
                'default_permissions': ('view', 'add'),
            },
        ),
        migrations.CreateModel(
            name='CaseChallenge',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('token_digest', models.UUIDField(editable=False, help_text="A keyed hash of the browser's cookie.", unique=True)),
                ('given', privacy.fields.SealedTextField(editable=True, help_text='What was typed, as JSON; blank once it was looked up.', null=True)),
                ('letter_digest', models.UUIDField(editable=False, null=True, unique=True)),
                ('code_digest', models.UUIDField(editable=False, null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('asked_at', models.DateTimeField()),
                ('looked_up_at', models.DateTimeField(null=True)),
                ('used_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField()),
                ('contact_digest', models.UUIDField(editable=False, help_text='A keyed hash of where the code went.', null=True)),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='challenges', to='cases.case')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='CaseEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('received', 'Received'), ('id_requested', 'Proof of identity asked for'), ('id_received', 'Proof of identity received'), ('authority_requested', 'Authority asked for'), ('authority_received', 'Authority received'), ('fee_requested', 'Fee asked for'), ('fee_paid', 'Fee paid'), ('id_not_needed', 'Proof of identity not needed after all'), ('authority_not_needed', 'Authority not needed after all'), ('fee_not_needed', 'Fee not due after all'), ('paused', 'Clarification asked for'), ('resumed', 'Clarification received'), ('extended', 'Notice of extension sent'), ('negotiations_ended', 'Credit negotiations ended'), ('due_changed', 'Due date worked out'), ('identified', 'Identity proved'), ('matched', 'Matched to a customer'), ('assigned', 'Assigned'), ('noted', 'Internal note'), ('written', 'Message to the customer'), ('heard', 'Message from the customer'), ('attached', 'File added'), ('effect', 'Carried out'), ('reminded', 'Reminder sent'), ('completed', 'Completed'), ('refused', 'Refused'), ('partly', 'Completed in part'), ('withdrawn', 'Withdrawn by the customer'), ('merged', 'Merged with another case'), ('lapsed', 'Closed without an answer'), ('reopened', 'Opened again')], max_length=20)),
                ('at', models.DateTimeField(help_text='When it was written down.')),
                ('on', models.DateField(help_text='The day on which it happened, in London: what the clock counts.')),
                ('by', models.CharField(help_text='staff:ID, customer:ID or job:NAME.', max_length=80)),
                ('codes', models.JSONField(default=dict, help_text='Dates, codes and versions; no personal value.')),
                ('text', privacy.fields.SealedTextField(editable=True, help_text='A reason or a note, for colleagues.', null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='cases.case')),
            ],
            options={
                'ordering': ['pk'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='CaseVisit',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('token_digest', models.UUIDField(editable=False, help_text="A keyed hash of the browser's cookie.", unique=True)),
                ('browser_digest', models.UUIDField(editable=False, help_text='A keyed hash of what the browser calls itself.')),
                ('proved_at', models.DateTimeField()),
                ('last_seen_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(help_text='Over from this moment on; set to now when it is ended.')),
                ('contact_digest', models.UUIDField(editable=False, help_text='A keyed hash of the address that the code went to.')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='cases.case')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='DataCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', privacy.fields.SealedTextField(editable=True, help_text='The bytes of a zip archive, one character each (Latin-1).')),
                ('size', models.PositiveIntegerField(help_text='Bytes.')),
                ('digest', models.CharField(help_text='SHA-256 of the archive.', max_length=64)),
                ('records', models.PositiveIntegerField(help_text='How many records are in it.')),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(help_text='Not handed out from this moment on.')),
                ('downloads', models.PositiveIntegerField(default=0)),
                ('last_download_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='cases.case')),
            ],
            options={
                'verbose_name_plural': 'data copies',
                'ordering': ['-pk'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='LetterWording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('letter', models.CharField(choices=[('acknowledgement', 'Acknowledgement'), ('identity', 'Who are you?'), ('authority', 'May you act for them?'), ('fee', 'A fee'), ('clarification', 'A question about the request'), ('extension', 'We need longer'), ('refusal', 'Refusal'), ('partly', 'Done in part'), ('completion', 'Answer'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Closed without an answer'), ('complaint_acknowledgement', 'Acknowledgement of a complaint'), ('complaint_outcome', 'Outcome of a complaint'), ('agencies', 'Credit reference agencies'), ('reminder_to_customer', 'Reminder'), ('message', 'Message')], max_length=30)),
                ('number', models.PositiveIntegerField(help_text='1, 2, 3 ... for each letter.')),
                ('blocks', models.JSONField(help_text='The words, block by block, with their placeholders.')),
                ('shipped', models.BooleanField(help_text='It came with this version of the program; nobody here wrote it.')),
                ('saved_at', models.DateTimeField()),
                ('saved_by', models.CharField(help_text='staff:ID or job:NAME.', max_length=80)),
                ('why', models.TextField()),
            ],
            options={
                'verbose_name_plural': 'letters about cases',
                'ordering': ['letter', '-number'],
                'default_permissions': ('view', 'add'),
                'constraints': [models.UniqueConstraint(fields=('letter', 'number'), name='letterwording_number')],
            },
        ),
        migrations.CreateModel(
            name='CaseMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('letter', models.CharField(choices=[('acknowledgement', 'Acknowledgement'), ('identity', 'Who are you?'), ('authority', 'May you act for them?'), ('fee', 'A fee'), ('clarification', 'A question about the request'), ('extension', 'We need longer'), ('refusal', 'Refusal'), ('partly', 'Done in part'), ('completion', 'Answer'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Closed without an answer'), ('complaint_acknowledgement', 'Acknowledgement of a complaint'), ('complaint_outcome', 'Outcome of a complaint'), ('agencies', 'Credit reference agencies'), ('reminder_to_customer', 'Reminder'), ('message', 'Message')], max_length=30)),
                ('number', models.PositiveIntegerField(help_text='The first, second ... of this letter in this case.')),
                ('written_at', models.DateTimeField()),
                ('written_by', models.CharField(help_text='staff:ID, customer:ID or job:NAME.', max_length=80)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='cases.case')),
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='of_case', to='outbox.message')),
                ('wording', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='cases.letterwording')),
            ],
            options={
                'ordering': ['pk'],
                'default_permissions': ('view',),
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='letterwording',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF TG_OP = 'DELETE' AND current_setting('privacy.erasing', true) = 'on' THEN RETURN OLD; END IF;\n            IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY[]::text[] = to_jsonb(OLD) - ARRAY[]::text[]\n            THEN RETURN NEW; END IF;\n            RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';\n        ", hash='b2c559aa1ac6bb92ba7449b6029e5adbdc9fdb3d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b560c', table='cases_letterwording', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='outcome',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outcomes', to='cases.case'),
        ),
        migrations.AddField(
            model_name='datacopy',
            name='outcome',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='copy', to='cases.outcome'),
        ),
        migrations.AddField(
            model_name='processingstop',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='processing_stops', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='restriction',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='restrictions', to='cases.case'),
        ),
        migrations.AddField(
            model_name='restriction',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='restrictions', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='restriction',
            name='hold',
            field=models.OneToOneField(help_text='What keeps the purge away.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='retention.legalhold'),
        ),
        migrations.AddField(
            model_name='statement',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='task',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='cases.case'),
        ),
        migrations.AddField(
            model_name='task',
            name='taken_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tasks', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(models.OrderBy(models.F('due_on'), nulls_last=True), models.F('id'), condition=models.Q(('closed_at__isnull', True)), name='case_open_due'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_on__isnull', False)), fields=['closed_on', 'id'], name='case_closed'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_on__gt', models.F('due_on'))), fields=['closed_on', 'id'], name='case_closed_late'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['examined_from', 'examined_to'], name='case_examined'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['assignee', 'due_on'], name='case_assignee_open'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['kind', 'status'], name='case_kind_status_open'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['kind', 'received_on'], name='case_kind_received'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_on__isnull', True), ('status__in', ['open', 'waiting'])), models.Q(models.Q(('status__in', ['open', 'waiting']), _negated=True), ('closed_at__isnull', False), ('closed_on__isnull', False)), _connector='OR'), name='case_closed_when_finished'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('merged_into__isnull', False), ('status', 'merged')), models.Q(models.Q(('status', 'merged'), _negated=True), ('merged_into__isnull', True)), _connector='OR'), name='case_merged_names_the_other'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['refused', 'partly']), _negated=True), models.Q(('outcome_ground', ''), _negated=True), _connector='OR'), name='case_refused_names_its_ground'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['marketing_objection', 'consent_withdrawal']), ('status__in', ['refused', 'partly', 'lapsed']), _negated=True), name='case_marketing_is_never_refused'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('paused', False), ('kind__in', ['sar']), _connector='OR'), name='case_pause_is_for_access'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('paused', False), ('due_on__isnull', True), _connector='OR'), name='case_paused_has_no_due_date'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('identified_at__isnull', True), ('identified_by', '')), models.Q(('identified_at__isnull', False), models.Q(('identified_by', ''), _negated=True)), _connector='OR'), name='case_identified_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('recorded_at__gte', models.F('received_at'))), name='case_received_before_it_was_recorded'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='by_the_table', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."status" IS DISTINCT FROM (NEW."status"))', func="\n            IF NEW.kind = OLD.kind AND ((NEW.status = 'waiting' AND OLD.status IN ('open', 'waiting') AND NEW.kind IN ('sar', 'rectification', 'erasure', 'restriction', 'objection', 'portability', 'adm_review')) OR (NEW.status = 'open' AND OLD.status IN ('open', 'waiting') AND NEW.kind IN ('sar', 'rectification', 'erasure', 'restriction', 'objection', 'portability', 'adm_review')) OR (NEW.status = 'waiting' AND OLD.status IN ('open', 'waiting') AND NEW.kind IN ('sar')) OR (NEW.status = 'open' AND OLD.status IN ('open', 'waiting') AND NEW.kind IN ('sar')) OR (NEW.status = 'completed' AND OLD.status IN ('open', 'waiting') AND NEW.kind IN ('sar', 'cra_disclosure', 'rectification', 'erasure', 'restriction', 'objection', 'marketing_objection', 'consent_withdrawal', 'portability', 'adm_review', 'complaint_ack', 'fca_complaint_final', 'bereavement')) OR (NEW.status = 'partly' AND OLD.status IN ('open', 'waiting') AND NEW.kind IN ('sar', 'cra_disclosure', 'rectification', 'erasure', 'restriction', 'objection', 'portability', 'adm_review')) OR (NEW.status = 'refused' AND OLD.status IN ('open', 'waiting') AND NEW.kind IN ('sar', 'cra_disclosure', 'rectification', 'erasure', 'restriction', 'objection', 'portability', 'adm_review')) OR (NEW.status = 'withdrawn' AND OLD.status IN ('open', 'waiting') AND NEW.kind IN ('sar', 'cra_disclosure', 'rectification', 'erasure', 'restriction', 'objection', 'marketing_objection', 'consent_withdrawal', 'portability', 'adm_review', 'complaint_ack', 'fca_complaint_final', 'bereavement')) OR (NEW.status = 'merged' AND OLD.status IN ('open', 'waiting') AND NEW.kind IN ('sar', 'cra_disclosure', 'rectification', 'erasure', 'restriction', 'objection', 'marketing_objection', 'consent_withdrawal', 'portability', 'adm_review', 'complaint_ack', 'fca_complaint_final', 'bereavement')) OR (NEW.status = 'lapsed' AND OLD.status IN ('waiting') AND NEW.kind IN ('sar', 'rectification', 'erasure', 'restriction', 'portability', 'adm_review')) OR (NEW.status = 'open' AND OLD.status IN ('completed', 'partly', 'refused', 'withdrawn', 'lapsed') AND NEW.kind IN ('sar', 'cra_disclosure', 'rectification', 'erasure', 'restriction', 'objection', 'marketing_objection', 'consent_withdrawal', 'portability', 'adm_review', 'complaint_ack', 'fca_complaint_final', 'bereavement'))) THEN RETURN NEW; END IF;\n            RAISE EXCEPTION 'a case of kind % cannot go from % to %', OLD.kind, OLD.status, NEW.status\n                USING ERRCODE = 'restrict_violation';\n        ", hash='a4ded9c8b530f377e53d48fa46b56059b0565d97', operation='UPDATE OF "status", "kind"', pgid='pgtrigger_by_the_table_47f5c', table='cases_case', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='attachment',
            index=models.Index(condition=models.Q(('checked_on__isnull', False)), fields=['checked_on', 'id'], name='attachment_checked'),
        ),
        migrations.AddIndex(
            model_name='casechallenge',
            index=models.Index(fields=['expires_at', 'id'], name='casechallenge_expiry'),
        ),
        migrations.AddIndex(
            model_name='casechallenge',
            index=models.Index(condition=models.Q(('looked_up_at__isnull', True)), fields=['asked_at'], name='casechallenge_waiting'),
        ),
        migrations.AddConstraint(
            model_name='casechallenge',
            constraint=models.CheckConstraint(condition=models.Q(('looked_up_at__isnull', True), ('given__isnull', True), _connector='OR'), name='casechallenge_forgets_what_was_typed'),
        ),
        migrations.AddConstraint(
            model_name='casechallenge',
            constraint=models.CheckConstraint(condition=models.Q(('code_digest__isnull', True), models.Q(('case__isnull', False), ('contact_digest__isnull', False)), _connector='OR'), name='casechallenge_code_is_of_a_case'),
        ),
        migrations.AddIndex(
            model_name='caseevent',
            index=models.Index(fields=['case', 'id'], name='caseevent_case'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='caseevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF TG_OP = 'DELETE' AND current_setting('privacy.erasing', true) = 'on' THEN RETURN OLD; END IF;\n            IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY['text']::text[] = to_jsonb(OLD) - ARRAY['text']::text[]\n            THEN RETURN NEW; END IF;\n            RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';\n        ", hash='c6d50d68672f66035d15c8126011a61ec10dded7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_320b9', table='cases_caseevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='casevisit',
            index=models.Index(fields=['expires_at', 'id'], name='casevisit_expiry'),
        ),
        migrations.AddConstraint(
            model_name='casemessage',
            constraint=models.UniqueConstraint(fields=('case', 'letter', 'number'), name='casemessage_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='casemessage',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF TG_OP = 'DELETE' AND current_setting('privacy.erasing', true) = 'on' THEN RETURN OLD; END IF;\n            IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY[]::text[] = to_jsonb(OLD) - ARRAY[]::text[]\n            THEN RETURN NEW; END IF;\n            RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';\n        ", hash='cc74eeefb4f795edd055f9645a10634bf74b8d83', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4cd1f', table='cases_casemessage', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outcome',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF TG_OP = 'DELETE' AND current_setting('privacy.erasing', true) = 'on' THEN RETURN OLD; END IF;\n            IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY['lines', 'record']::text[] = to_jsonb(OLD) - ARRAY['lines', 'record']::text[]\n            THEN RETURN NEW; END IF;\n            RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';\n        ", hash='402ca856a8bde78a64d35ca2f2aae023201022c1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_cb305', table='cases_outcome', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='datacopy',
            index=models.Index(fields=['made_at', 'id'], name='datacopy_made'),
        ),
        migrations.AddConstraint(
            model_name='datacopy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('downloads', 0), ('last_download_at__isnull', True)), models.Q(('downloads__gt', 0), ('last_download_at__isnull', False)), _connector='OR'), name='datacopy_downloads_are_dated'),
        ),
        migrations.AddConstraint(
            model_name='processingstop',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_on__isnull', True)), fields=('customer', 'purpose'), name='processingstop_once'),
        ),
        migrations.AddConstraint(
            model_name='processingstop',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_by', ''), ('ended_on__isnull', True), ('why_ended__isnull', True)), models.Q(('ended_on__isnull', False), ('why_ended__isnull', False), models.Q(('ended_by', ''), _negated=True)), _connector='OR'), name='processingstop_ended_by_somebody'),
        ),
        migrations.AddIndex(
            model_name='restriction',
            index=models.Index(condition=models.Q(('lifted_on__isnull', False)), fields=['lifted_on', 'id'], name='restriction_lifted'),
        ),
        migrations.AddIndex(
            model_name='restriction',
            index=models.Index(condition=models.Q(('lifted_on__isnull', True)), fields=['customer'], name='restriction_active'),
        ),
        migrations.AddConstraint(
            model_name='restriction',
            constraint=models.UniqueConstraint(condition=models.Q(('lifted_on__isnull', True)), fields=('case',), name='restriction_once_a_case'),
        ),
        migrations.AddConstraint(
            model_name='restriction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lifted_by', ''), ('lifted_on__isnull', True)), models.Q(('lifted_on__gt', models.F('warned_on')), ('warned_on__isnull', False), models.Q(('lifted_by', ''), _negated=True)), models.Q(('lifted_on__isnull', False), ('mistaken', True), models.Q(('lifted_by', ''), _negated=True)), models.Q(('joined_to__isnull', False), ('lifted_on__isnull', False), models.Q(('lifted_by', ''), _negated=True)), models.Q(('expires_on__isnull', False), ('lifted_on__gte', models.F('expires_on')), models.Q(('lifted_by', ''), _negated=True)), _connector='OR'), name='restriction_lifted_after_a_warning'),
        ),
        migrations.AddConstraint(
            model_name='restriction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('warned_by', ''), ('warned_on__isnull', True)), models.Q(('warned_on__isnull', False), models.Q(('warned_by', ''), _negated=True)), _connector='OR'), name='restriction_warned_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='restriction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by', '')), models.Q(('confirmed_at__isnull', False), models.Q(('confirmed_by', ''), _negated=True)), _connector='OR'), name='restriction_confirmed_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='restriction',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_at__isnull', True), ('expires_on__isnull', True), _connector='OR'), name='restriction_confirmed_does_not_expire'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['due_on', 'id'], name='task_to_do'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('case', 'kind'), name='task_one_to_do_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by', ''), ('how', '')), models.Q(('ended_at__isnull', False), models.Q(('ended_by', ''), _negated=True), models.Q(('how', ''), _negated=True)), _connector='OR'), name='task_ended_by_somebody'),
        ),
    ]
