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
    ]

    operations = [
        migrations.CreateModel(
            name='Customer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('customer_number', models.CharField(max_length=20, null=True, unique=True)),
                ('title', privacy.fields.SealedTextField(editable=True, null=True)),
                ('given_names', privacy.fields.SealedTextField(editable=True, null=True)),
                ('surname', privacy.fields.SealedTextField(editable=True, null=True)),
                ('surname_lookup', privacy.fields.LookupHashField(editable=False, kind='surname', null=True, value_of='surname_key')),
                ('date_of_birth', privacy.fields.SealedDateField(editable=True, null=True)),
                ('jurisdiction', models.CharField(choices=[('england-and-wales', 'England and Wales'), ('scotland', 'Scotland'), ('northern-ireland', 'Northern Ireland')], max_length=20, null=True)),
                ('relationship_began_on', models.DateField(null=True)),
                ('relationship_ended_on', models.DateField(help_text='Account closed and balance nil, or nothing heard for long (close_dormant).', null=True)),
                ('ended_as_dormant', models.BooleanField(db_default=False, default=False, help_text='Nobody said that it ended: close_dormant found that nothing went on.')),
                ('last_contact_on', models.DateField(help_text='The last dealing that close_dormant or a sign-in noted; a later one may stand in the records.', null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('source_digest', models.UUIDField(editable=False, null=True)),
                ('erased_at', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'default_permissions': ('view', 'change'),
                'indexes': [models.Index(condition=models.Q(('relationship_ended_on__isnull', False)), fields=['relationship_ended_on', 'id'], name='customer_ended'), models.Index(condition=models.Q(('erased_at__isnull', True), ('relationship_ended_on__isnull', True)), fields=['last_contact_on', 'id'], name='customer_going_on'), models.Index(condition=models.Q(('ended_as_dormant', True), ('erased_at__isnull', True)), fields=['id'], name='customer_dormant'), models.Index(condition=models.Q(('surname_lookup__isnull', False)), fields=['surname_lookup'], name='customer_surname'), models.Index(condition=models.Q(('erased_at__isnull', False)), fields=['erased_at'], name='customer_erased')],
                'constraints': [models.CheckConstraint(condition=models.Q(('erased_at__isnull', True), models.Q(('customer_number__isnull', True), ('date_of_birth__isnull', True), ('given_names__isnull', True), ('source_digest__isnull', True), ('surname__isnull', True), ('surname_lookup__isnull', True), ('title__isnull', True)), _connector='OR'), name='customer_stub_is_bare'), models.CheckConstraint(condition=models.Q(('erased_at__isnull', False), ('customer_number__isnull', False), _connector='OR'), name='customer_is_numbered'), models.CheckConstraint(condition=models.Q(('ended_as_dormant', False), models.Q(('last_contact_on__isnull', False), ('relationship_ended_on__isnull', False)), ('erased_at__isnull', False), _connector='OR'), name='customer_dormant_has_ended'), models.CheckConstraint(condition=models.Q(('relationship_ended_on__isnull', True), ('relationship_began_on__isnull', True), ('relationship_ended_on__gte', models.F('relationship_began_on')), _connector='OR'), name='customer_ends_after_beginning')],
            },
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=32, unique=True)),
                ('placed_on', models.DateField()),
                ('financial_year_end', models.DateField()),
                ('total', models.DecimalField(decimal_places=2, max_digits=12)),
                ('delivered_on', models.DateField(null=True)),
                ('source_digest', models.UUIDField(editable=False, null=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='customers.customer')),
            ],
            options={
                'ordering': ['-placed_on', '-number'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='OrderLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line_number', models.PositiveIntegerField()),
                ('product_code', models.CharField(max_length=40)),
                ('description', models.CharField(blank=True, max_length=200)),
                ('quantity', models.IntegerField()),
                ('unit_price', models.DecimalField(decimal_places=2, max_digits=12)),
                ('safety_critical', models.BooleanField(default=False)),
                ('supplied_on', models.DateField()),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='customers.order')),
            ],
            options={
                'ordering': ['order', 'line_number'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='PaymentCard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', privacy.fields.SealedTextField(editable=True)),
                ('token_lookup', privacy.fields.LookupHashField(editable=False, kind='card_token', null=True, value_of='token_key')),
                ('last_four', models.CharField(max_length=4)),
                ('expires_on', models.DateField(help_text='The last day of its month of expiry.')),
                ('issue_number', models.CharField(blank=True, max_length=2)),
                ('last_used_on', models.DateField(help_text='Its last payment.', null=True)),
                ('source_digest', models.UUIDField(editable=False, null=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payment_cards', to='customers.customer')),
            ],
            options={
                'ordering': ['-expires_on'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='CreditAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account_number', models.CharField(max_length=32, unique=True)),
                ('opened_on', models.DateField()),
                ('credit_limit', models.DecimalField(decimal_places=2, max_digits=12)),
                ('balance', models.DecimalField(decimal_places=2, help_text='Pounds owed to us.', max_digits=12)),
                ('status', models.CharField(choices=[('open', 'Open'), ('settled', 'Settled'), ('written_off', 'Written off'), ('sold', 'Sold')], default='open', max_length=12)),
                ('ended_on', models.DateField(help_text='Settled, written off or sold on this day.', null=True)),
                ('defaulted_on', models.DateField(null=True)),
                ('default_resolved_on', models.DateField(help_text='The default was satisfied or written off on this day.', null=True)),
                ('judgment_on', models.DateField(help_text='A court gave judgment for the debt on this day, and it stands.', null=True)),
                ('source_digest', models.UUIDField(editable=False, null=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credit_accounts', to='customers.customer')),
            ],
            options={
                'ordering': ['-opened_on'],
                'default_permissions': ('view',),
                'indexes': [models.Index(condition=models.Q(('defaulted_on__isnull', False)), fields=['defaulted_on', 'id'], name='creditaccount_defaulted'), models.Index(condition=models.Q(('judgment_on__isnull', False)), fields=['judgment_on', 'id'], name='creditaccount_judgment'), models.Index(condition=models.Q(('ended_on__isnull', False)), fields=['ended_on', 'id'], name='creditaccount_ended'), models.Index(condition=models.Q(('default_resolved_on__isnull', False)), fields=['default_resolved_on', 'id'], name='creditaccount_default')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_on__isnull', True), ('status', 'open')), models.Q(models.Q(('status', 'open'), _negated=True), ('ended_on__isnull', False)), _connector='OR'), name='creditaccount_end_is_dated'), models.CheckConstraint(condition=models.Q(('ended_on__isnull', True), ('ended_on__gte', models.F('opened_on')), _connector='OR'), name='creditaccount_ends_after_opening'), models.CheckConstraint(condition=models.Q(('default_resolved_on__isnull', True), models.Q(('default_resolved_on__gte', models.F('defaulted_on')), ('defaulted_on__isnull', False)), _connector='OR'), name='creditaccount_resolves_a_default')],
            },
        ),
        migrations.CreateModel(
            name='ContactPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('email', 'Email'), ('phone', 'Telephone'), ('address', 'Postal address')], max_length=8)),
                ('value', privacy.fields.SealedTextField(editable=True)),
                ('lookup', privacy.fields.LookupHashField(editable=False, kind='contact_point', null=True, value_of='lookup_key')),
                ('postcode_lookup', privacy.fields.LookupHashField(editable=False, kind='postcode', null=True, value_of='postcode_key')),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(help_text='The day it was replaced; empty while it is in use.', null=True)),
                ('source', models.CharField(choices=[('shop', 'The shop'), ('customer', 'The customer'), ('staff', 'Customer care')], max_length=8)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contact_points', to='customers.customer')),
            ],
            options={
                'ordering': ['kind', '-valid_from', '-pk'],
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['lookup'], name='contactpoint_lookup'), models.Index(condition=models.Q(('postcode_lookup__isnull', False)), fields=['postcode_lookup'], name='contactpoint_postcode')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('customer', 'kind', 'lookup'), name='contactpoint_current_once'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='contactpoint_ends_after_beginning')],
            },
        ),
        migrations.CreateModel(
            name='ContactNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=uuid.uuid4, max_length=40, unique=True)),
                ('kind', models.CharField(choices=[('call', 'Telephone call'), ('email', 'Email'), ('chat', 'Chat'), ('letter', 'Letter'), ('vulnerability', 'Support need')], max_length=14)),
                ('at', models.DateTimeField()),
                ('text', privacy.fields.SealedTextField(editable=True)),
                ('taken_by', models.CharField(help_text='staff:ID, or the name of the system it came from', max_length=80)),
                ('thread_closed_on', models.DateField(help_text='The matter was closed on this day.', null=True)),
                ('looked_at_on', models.DateField(help_text='When somebody last saw to it that a support need is still so.', null=True)),
                ('support_ended_on', models.DateField(help_text='From this day a support need was no longer so.', null=True)),
                ('source_digest', models.UUIDField(editable=False, null=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contact_notes', to='customers.customer')),
            ],
            options={
                'ordering': ['-at'],
                'default_permissions': ('view', 'add'),
                'indexes': [models.Index(condition=models.Q(('thread_closed_on__isnull', False)), fields=['thread_closed_on', 'id'], name='contactnote_closed'), models.Index(condition=models.Q(('thread_closed_on__isnull', True)), fields=['at', 'id'], name='contactnote_unclosed'), models.Index(condition=models.Q(('kind', 'vulnerability')), fields=['kind', 'id'], name='contactnote_support_needs'), models.Index(condition=models.Q(('support_ended_on__isnull', False)), fields=['support_ended_on', 'id'], name='contactnote_support_over')],
            },
        ),
        migrations.CreateModel(
            name='FinancialLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('financial', 'Financial associate'), ('household', 'Member of the household')], max_length=10)),
                ('linked_person', privacy.fields.SealedTextField(editable=True)),
                ('linked_person_lookup', privacy.fields.LookupHashField(editable=False, kind='linked_person', null=True, value_of='linked_person_key')),
                ('linked_on', models.DateField()),
                ('disassociated_on', models.DateField(null=True)),
                ('source_digest', models.UUIDField(editable=False, null=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='financial_links', to='customers.customer')),
            ],
            options={
                'ordering': ['-linked_on'],
                'default_permissions': ('view',),
                'indexes': [models.Index(condition=models.Q(('disassociated_on__isnull', False)), fields=['disassociated_on', 'id'], name='financiallink_disassociated')],
                'constraints': [models.UniqueConstraint(fields=('customer', 'kind', 'linked_person_lookup'), name='financiallink_once'), models.CheckConstraint(condition=models.Q(('disassociated_on__isnull', True), ('disassociated_on__gte', models.F('linked_on')), _connector='OR'), name='financiallink_ends_after_beginning')],
            },
        ),
        migrations.CreateModel(
            name='FraudMarker',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=40, unique=True)),
                ('status', models.CharField(choices=[('suspected', 'Suspected'), ('confirmed', 'Confirmed'), ('cleared', 'Cleared'), ('victim', 'Victim of impersonation')], max_length=10)),
                ('details', privacy.fields.SealedTextField(editable=True, null=True)),
                ('opened_on', models.DateField()),
                ('closed_on', models.DateField(help_text='The investigation ended on this day.', null=True)),
                ('filed_on', models.DateField(help_text='Filed with a fraud prevention agency on this day.', null=True)),
                ('review_on', models.DateField(help_text='When somebody must say whether the investigation goes on.', null=True)),
                ('goes_on_because', privacy.fields.SealedTextField(editable=True, help_text='Why it went on when somebody last looked at it.', null=True)),
                ('source_digest', models.UUIDField(editable=False, null=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fraud_markers', to='customers.customer')),
            ],
            options={
                'ordering': ['-opened_on'],
                'default_permissions': ('view', 'add', 'change'),
                'indexes': [models.Index(condition=models.Q(('closed_on__isnull', False)), fields=['closed_on', 'id'], name='fraudmarker_closed'), models.Index(condition=models.Q(('filed_on__isnull', False)), fields=['filed_on', 'id'], name='fraudmarker_filed'), models.Index(fields=['opened_on', 'id'], name='fraudmarker_opened'), models.Index(condition=models.Q(('review_on__isnull', False)), fields=['review_on', 'id'], name='fraudmarker_review')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(models.Q(('status', 'suspected'), _negated=True), ('review_on__isnull', False), _connector='OR'), models.Q(models.Q(('status', 'cleared'), _negated=True), ('closed_on__isnull', False), _connector='OR')), name='fraudmarker_has_a_review_or_an_end'), models.CheckConstraint(condition=models.Q(('closed_on__isnull', True), ('closed_on__gte', models.F('opened_on')), _connector='OR'), name='fraudmarker_closes_after_opening')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fraudmarker',
            trigger=pgtrigger.compiler.Trigger(name='by_the_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF OLD.status = NEW.status OR (OLD.status = 'suspected' AND NEW.status = 'confirmed') OR (OLD.status = 'suspected' AND NEW.status = 'cleared') OR (OLD.status = 'suspected' AND NEW.status = 'victim') OR (OLD.status = 'confirmed' AND NEW.status = 'cleared') OR (OLD.status = 'confirmed' AND NEW.status = 'victim') OR (OLD.status = 'victim' AND NEW.status = 'cleared') THEN RETURN NEW; END IF;\n            RAISE EXCEPTION 'a fraud marker cannot go from % to %', OLD.status, NEW.status\n                USING ERRCODE = 'restrict_violation';\n        ", hash='3155233efe9065458aae27019ac3886fd087d70d', operation='UPDATE OF "status"', pgid='pgtrigger_by_the_table_ff9d0', table='customers_fraudmarker', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['placed_on', 'id'], name='order_placed'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['financial_year_end', 'id'], name='order_financial_year'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('financial_year_end__gte', models.F('placed_on'))), name='order_year_ends_after_placing'),
        ),
        migrations.AddIndex(
            model_name='orderline',
            index=models.Index(condition=models.Q(('safety_critical', True)), fields=['supplied_on', 'id'], name='orderline_safety_critical'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.UniqueConstraint(fields=('order', 'line_number'), name='orderline_once'),
        ),
        migrations.AddIndex(
            model_name='paymentcard',
            index=models.Index(fields=['expires_on', 'id'], name='paymentcard_expires'),
        ),
        migrations.AddIndex(
            model_name='paymentcard',
            index=models.Index(condition=models.Q(('last_used_on__isnull', False)), fields=['last_used_on', 'id'], name='paymentcard_last_used'),
        ),
        migrations.AddConstraint(
            model_name='paymentcard',
            constraint=models.UniqueConstraint(fields=('customer', 'token_lookup'), name='paymentcard_once'),
        ),
        migrations.AddConstraint(
            model_name='paymentcard',
            constraint=models.CheckConstraint(condition=models.Q(('last_four__regex', '^[0-9]{4}$')), name='paymentcard_last_four_only'),
        ),
        migrations.AddConstraint(
            model_name='paymentcard',
            constraint=models.CheckConstraint(condition=models.Q(('issue_number__regex', '^[0-9]{0,2}$')), name='paymentcard_issue_number'),
        ),
    ]
