import django.contrib.postgres.fields
import django.contrib.postgres.functions
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
            name='Disclosure',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('credit_search', 'Search with a credit reference agency'), ('account_report', "Monthly report of the account's conduct"), ('fraud_filing', 'Filing with a fraud prevention agency'), ('partner_feed', 'List passed to a partner'), ('delivery', 'Delivery of an order'), ('card_payment', 'Payment by card'), ('mailing', 'Sending or printing for us'), ('recovery', 'Debt collection or tracing'), ('debt_sale', 'Sale of a debt'), ('insurance', 'Insurance proposal or claim'), ('ombudsman', 'Papers for the ombudsman'), ('court', 'Papers for a court'), ('tax', 'Records for the tax authority'), ('processing', 'Other work done for us')], max_length=16)),
                ('reference', models.CharField(max_length=64, unique=True)),
                ('occurred_on', models.DateField()),
                ('recipient', models.SlugField(help_text="The recipient's code in the register.", max_length=40)),
                ('recipient_name', models.CharField(help_text='As it was called on that day.', max_length=120)),
                ('purpose', models.SlugField(help_text="The purpose's code in the register.", max_length=40)),
                ('application', models.CharField(blank=True, help_text='Reference of the credit application.', max_length=40)),
                ('negotiations_ended_on', models.DateField(help_text='Consumer Credit Act 1974 s.157(1)', null=True)),
                ('detail', models.CharField(blank=True, help_text='Search type, reported status, or name of the feed.', max_length=120)),
                ('against', models.SlugField(blank=True, db_default='', help_text='It went out against a stop (see the gate of the register): its code.', max_length=40)),
                ('looked_into_on', models.DateField(help_text='Somebody found out how that came.', null=True)),
                ('looked_into_by', models.CharField(blank=True, db_default='', max_length=80)),
                ('source_digest', models.UUIDField(editable=False, null=True)),
                ('credit_account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='disclosures', to='customers.creditaccount')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disclosures', to='customers.customer')),
            ],
            options={
                'ordering': ['-occurred_on', '-pk'],
                'permissions': [('look_into_stray', 'Looks into what went out against a stop')],
                'default_permissions': ('view', 'add'),
                'indexes': [models.Index(fields=['occurred_on', 'id'], name='disclosure_occurred'), models.Index(fields=['kind', 'occurred_on', 'id'], name='disclosure_kind'), models.Index(fields=['recipient', 'occurred_on', 'id'], name='disclosure_recipient'), models.Index(condition=models.Q(models.Q(('against', ''), _negated=True), ('looked_into_on__isnull', True)), fields=['occurred_on', 'id'], name='disclosure_against'), models.Index(condition=models.Q(('application', ''), _negated=True), fields=['application'], name='disclosure_application')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'account_report'), _negated=True), ('credit_account__isnull', False), _connector='OR'), name='disclosure_report_names_its_account'), models.CheckConstraint(condition=models.Q(models.Q(('looked_into_by', ''), ('looked_into_on__isnull', True)), models.Q(('looked_into_on__isnull', False), models.Q(('looked_into_by', ''), _negated=True), models.Q(('against', ''), _negated=True)), _connector='OR'), name='disclosure_looked_into_by_somebody'), models.CheckConstraint(condition=models.Q(('negotiations_ended_on__isnull', True), ('negotiations_ended_on__gte', models.F('occurred_on')), _connector='OR'), name='disclosure_search_precedes_the_end')],
            },
        ),
        migrations.CreateModel(
            name='Instruction',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('recipient', models.SlugField(help_text="The addressee's code in the register.", max_length=40)),
                ('recipient_name', models.CharField(help_text='As it is called by us.', max_length=120)),
                ('what', models.CharField(choices=[('correct', 'Correct it'), ('erase', 'Erase it'), ('restrict', 'Restrict its use'), ('release', 'No longer restricted'), ('no_marketing', 'Stop marketing'), ('stop', 'Stop a use'), ('resume', 'The use may go on'), ('withdraw', 'Take a filing out')], max_length=12)),
                ('parts', django.contrib.postgres.fields.ArrayField(base_field=models.SlugField(max_length=40), default=list, help_text='Of what: codes of fields, channels or purposes.', size=None)),
                ('about', privacy.fields.SealedTextField(editable=True, help_text='Whose data it is, for the addressee.', null=True)),
                ('why', privacy.fields.SealedTextField(editable=True, help_text='Why, for colleagues.', null=True)),
                ('origin', models.UUIDField(help_text='The act that it follows from: told to each once.')),
                ('reference', models.CharField(help_text='Of the request, or of the filing.', max_length=64)),
                ('confidential', models.BooleanField(default=False, help_text='Told while something about the person was kept from them.')),
                ('asked_at', models.DateTimeField()),
                ('asked_by', models.CharField(max_length=80)),
                ('due_on', models.DateField(help_text='When they are to be told; then, to have confirmed.')),
                ('told_on', models.DateField(null=True)),
                ('told_by', models.CharField(blank=True, max_length=80)),
                ('file', models.CharField(blank=True, help_text='SHA-256 of the file or letter that told them.', max_length=64)),
                ('acknowledged_on', models.DateField(null=True)),
                ('acknowledged_by', models.CharField(blank=True, help_text='Who noted it here.', max_length=80)),
                ('confirmation', privacy.fields.SealedTextField(editable=True, help_text='Who confirmed it there, and their reference.', null=True)),
                ('impossible_on', models.DateField(help_text='Telling them proved impossible or disproportionate.', null=True)),
                ('impossible_by', models.CharField(blank=True, max_length=80)),
                ('impossible_why', privacy.fields.SealedTextField(editable=True, null=True)),
                ('escalated_on', models.DateField(help_text='Handed to the data protection lead.', null=True)),
                ('escalated_by', models.CharField(blank=True, max_length=80)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='instructions', to='customers.customer')),
            ],
            options={
                'ordering': ['due_on', 'asked_at', 'pk'],
                'permissions': [('hear_of_late_instructions', 'Is told of instructions that are late')],
                'default_permissions': ('view', 'change'),
                'indexes': [models.Index(fields=['asked_at', 'id'], name='instruction_asked'), models.Index(fields=['reference'], name='instruction_reference'), models.Index(condition=models.Q(('acknowledged_on__isnull', True), ('impossible_on__isnull', True)), fields=['due_on', 'asked_at', 'id'], name='instruction_open'), models.Index(fields=['recipient', 'told_on'], name='instruction_recipient')],
                'constraints': [models.UniqueConstraint(fields=('origin', 'recipient', 'what'), name='instruction_once'), models.CheckConstraint(condition=models.Q(models.Q(('file', ''), ('told_by', ''), ('told_on__isnull', True)), models.Q(('told_on__isnull', False), models.Q(('told_by', ''), _negated=True)), _connector='OR'), name='instruction_told_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('acknowledged_by', ''), ('acknowledged_on__isnull', True)), models.Q(('acknowledged_on__gte', models.F('told_on')), ('told_on__isnull', False), models.Q(('acknowledged_by', ''), _negated=True)), _connector='OR'), name='instruction_confirmed_after_telling'), models.CheckConstraint(condition=models.Q(models.Q(('impossible_by', ''), ('impossible_on__isnull', True)), models.Q(('acknowledged_on__isnull', True), models.Q(('impossible_by', ''), _negated=True)), _connector='OR'), name='instruction_impossible_or_confirmed'), models.CheckConstraint(condition=models.Q(('about__isnull', True), models.Q(('acknowledged_on__isnull', True), ('impossible_on__isnull', True)), _connector='OR'), name='instruction_settled_forgets_whom'), models.CheckConstraint(condition=models.Q(models.Q(('escalated_by', ''), ('escalated_on__isnull', True)), models.Q(('escalated_on__isnull', False), models.Q(('escalated_by', ''), _negated=True)), _connector='OR'), name='instruction_escalated_by_somebody')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='instruction',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF TG_OP = 'DELETE' AND current_setting('privacy.erasing', true) = 'on' THEN RETURN OLD; END IF;\n            IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY['about', 'why', 'confirmation', 'impossible_why', 'told_on', 'acknowledged_on', 'impossible_on', 'escalated_on', 'due_on', 'file', 'told_by', 'acknowledged_by', 'impossible_by', 'escalated_by']::text[] = to_jsonb(OLD) - ARRAY['about', 'why', 'confirmation', 'impossible_why', 'told_on', 'acknowledged_on', 'impossible_on', 'escalated_on', 'due_on', 'file', 'told_by', 'acknowledged_by', 'impossible_by', 'escalated_by']::text[]\n            THEN RETURN NEW; END IF;\n            RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';\n        ", hash='4389125f998b8186d03b71d410993664161d86d2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_61298', table='disclosures_instruction', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='instruction',
            trigger=pgtrigger.compiler.Trigger(name='noted_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF OLD.told_on IS NOT NULL AND NEW.told_on IS DISTINCT FROM OLD.told_on THEN RAISE EXCEPTION 'an instruction is noted once' USING ERRCODE = 'restrict_violation'; END IF; IF OLD.acknowledged_on IS NOT NULL AND NEW.acknowledged_on IS DISTINCT FROM OLD.acknowledged_on THEN RAISE EXCEPTION 'an instruction is noted once' USING ERRCODE = 'restrict_violation'; END IF; IF OLD.impossible_on IS NOT NULL AND NEW.impossible_on IS DISTINCT FROM OLD.impossible_on THEN RAISE EXCEPTION 'an instruction is noted once' USING ERRCODE = 'restrict_violation'; END IF; IF OLD.escalated_on IS NOT NULL AND NEW.escalated_on IS DISTINCT FROM OLD.escalated_on THEN RAISE EXCEPTION 'an instruction is noted once' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;", hash='3293bb0917a4e930aaecc4c0c8fdd3de206eacb8', operation='UPDATE', pgid='pgtrigger_noted_once_0c411', table='disclosures_instruction', when='BEFORE')),
        ),
    ]
