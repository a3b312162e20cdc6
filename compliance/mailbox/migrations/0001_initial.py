import compliance.mailbox.states
import compliance.preferences.channels
import django.contrib.postgres.fields
import django.db.models.deletion
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
            name='InboundMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('identity', privacy.fields.SealedTextField(editable=True, help_text='What makes it this message and no other: see mail.identity.')),
                ('lookup', privacy.fields.LookupHashField(editable=False, kind='inbound_mail', null=True, unique=True, value_of='identity_key')),
                ('token', models.UUIDField(default=uuid.uuid4, editable=False, help_text='Of the request that it makes.', unique=True)),
                ('raw', privacy.fields.SealedTextField(editable=True, help_text='Its bytes as Latin-1 text; gone a while after it was dealt with.', null=True)),
                ('size', models.PositiveBigIntegerField(help_text='Bytes as they arrived.')),
                ('cut', models.BooleanField(default=False, help_text='Too large: its attachments were not kept.')),
                ('transport', models.CharField(choices=[('pipe', 'Mail server'), ('maildir', 'Mail folder'), ('imap', 'Mailbox')], max_length=8)),
                ('received_at', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(default=0, help_text='How often the program began to read it.')),
                ('state', models.CharField(choices=[('received', 'To be read'), ('applied', 'Acted on'), ('desk', 'Waiting for somebody'), ('done', 'Dealt with'), ('ignored', 'Set aside unread')], default='received', max_length=8)),
                ('kind', models.CharField(blank=True, choices=compliance.mailbox.states.topics, max_length=20, verbose_name='seems to be about')),
                ('reason', models.CharField(blank=True, choices=[('unclear', 'Not clear'), ('other_right', 'May have a deadline'), ('unsure', 'Stop, but of what?'), ('beside', 'Says more than stop'), ('exception', 'Stops some, wants other'), ('two_people', 'Points to two people'), ('another', 'About somebody else'), ('no_sender', 'No sender'), ('from_us', 'From our own domain'), ('no_text', 'No text'), ('encrypted', 'Encrypted'), ('faulty', 'Could not be read'), ('program', 'Perhaps a program')], max_length=12, verbose_name='why it waits')),
                ('outcome', models.CharField(blank=True, choices=[('matched', 'Matched to a customer, marketing stopped'), ('stopped', 'The sender’s address was stopped'), ('passed_on', 'Noted as another request, logged or passed on'), ('answered', 'Noted as answered'), ('nothing', 'Noted as nothing to do')], max_length=10)),
                ('channels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=compliance.preferences.channels.labels, max_length=16), default=list, size=None)),
                ('senders', django.contrib.postgres.fields.ArrayField(base_field=models.SlugField(max_length=40), default=list, size=None)),
                ('sender', privacy.fields.SealedTextField(editable=True, null=True)),
                ('subject', privacy.fields.SealedTextField(editable=True, null=True)),
                ('text', privacy.fields.SealedTextField(editable=True, null=True)),
                ('attachments', privacy.fields.SealedTextField(editable=True, help_text='Name, type and size of each, as JSON.', null=True)),
                ('reference', models.CharField(blank=True, help_text='Of the request and the ledger.', max_length=20)),
                ('handled_at', models.DateTimeField(null=True)),
                ('handled_by', models.CharField(blank=True, max_length=80)),
                ('junk_from', models.DateTimeField(help_text='Of an email set aside unread, from when the rule for junk counts: when somebody looked at it, else when the longest deadline that it could carry is over.', null=True)),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='inbound_mail', to='customers.customer')),
            ],
            options={
                'verbose_name': 'email received',
                'verbose_name_plural': 'emails received',
                'ordering': ['received_at', 'pk'],
                'default_permissions': ('view', 'change'),
                'indexes': [models.Index(condition=models.Q(('handled_at__isnull', False)), fields=['handled_at', 'id'], name='inboundmail_handled'), models.Index(condition=models.Q(('junk_from__isnull', False)), fields=['junk_from', 'id'], name='inboundmail_junk'), models.Index(fields=['state', 'received_at', 'id'], name='inboundmail_state'), models.Index(condition=models.Q(('customer__isnull', True), models.Q(('reference', ''), _negated=True)), fields=['reference'], name='inboundmail_unmatched')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('handled_at__isnull', True), ('handled_by', ''), ('state__in', ['received', 'desk'])), models.Q(models.Q(('state__in', ['received', 'desk']), _negated=True), ('handled_at__isnull', False), models.Q(('handled_by', ''), _negated=True)), _connector='OR'), name='inboundmail_handled_when_closed'), models.CheckConstraint(condition=models.Q(models.Q(('junk_from__isnull', False), ('state', 'ignored')), models.Q(models.Q(('state', 'ignored'), _negated=True), ('junk_from__isnull', True)), _connector='OR'), name='inboundmail_junk_is_dated'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'desk'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='inboundmail_waits_for_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['received', 'desk']), _negated=True), ('raw__isnull', False), _connector='OR'), name='inboundmail_open_ones_are_whole')],
            },
        ),
    ]
