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
            name='Message',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('means', models.CharField(choices=[('email', 'Email'), ('sms', 'Text message'), ('letter', 'Letter')], max_length=6)),
                ('kind', models.SlugField(db_index=False, help_text='What it is about, such as prize_won.', max_length=40)),
                ('key', models.CharField(help_text='Names the message: the same key is the same message.', max_length=120, unique=True)),
                ('recipient', privacy.fields.SealedTextField(editable=True)),
                ('subject', privacy.fields.SealedTextField(editable=True)),
                ('text', privacy.fields.SealedTextField(editable=True)),
                ('html', privacy.fields.SealedTextField(editable=True, null=True)),
                ('headers', privacy.fields.SealedTextField(editable=True, help_text='Further headers of an email, as JSON.', null=True)),
                ('document', privacy.fields.SealedTextField(editable=True, help_text='A letter as PDF: the bytes, one character each (Latin-1).', null=True)),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('sending', 'Being sent'), ('sent', 'Sent'), ('returned', 'Did not arrive'), ('in_doubt', 'May have been sent'), ('failed', 'Not sent'), ('expired', 'Too late to send'), ('settled', 'Not sent, settled otherwise')], default='queued', max_length=8)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('error', models.CharField(blank=True, help_text='A code for what went wrong last; never a text.', max_length=60)),
                ('queued_at', models.DateTimeField()),
                ('next_try_at', models.DateTimeField(help_text='Not to be sent before this moment.')),
                ('send_before', models.DateTimeField(help_text='Of no use from this moment on.', null=True)),
                ('sending_since', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='customers.customer')),
            ],
            options={
                'ordering': ['-queued_at'],
                'default_permissions': ('view', 'change'),
                'indexes': [models.Index(fields=['queued_at', 'id'], name='message_queued'), models.Index(condition=models.Q(('send_before__isnull', False)), fields=['send_before', 'id'], name='message_useless'), models.Index(condition=models.Q(('state__in', ['queued', 'sending', 'in_doubt', 'failed', 'returned'])), fields=['state', 'next_try_at'], name='message_unsent')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state__in', ['sent', 'returned'])), models.Q(models.Q(('state__in', ['sent', 'returned']), _negated=True), ('sent_at__isnull', True)), _connector='OR'), name='message_sent_is_dated'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sending'), _negated=True), ('sending_since__isnull', False), _connector='OR'), name='message_sending_is_dated')],
            },
        ),
    ]
