import uuid

import django.db.models.deletion
import privacy.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0004_guarded_transitions'),
    ]

    operations = [
        migrations.CreateModel(
            name='StatusAttempt',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('token_digest', models.UUIDField(editable=False, help_text="A keyed hash of the browser's cookie.", unique=True)),
                ('given', privacy.fields.SealedTextField(editable=True, help_text='What was typed, as JSON; blank once it was looked up.', null=True)),
                ('contact_digest', models.UUIDField(editable=False, help_text='A keyed hash of where the code went.', null=True)),
                ('letter_digest', models.UUIDField(editable=False, null=True, unique=True)),
                ('code_digest', models.UUIDField(editable=False, null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('asked_at', models.DateTimeField()),
                ('looked_up_at', models.DateTimeField(null=True)),
                ('used_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField()),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='status_attempts', to='requests.case')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='StatusVisit',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('token_digest', models.UUIDField(editable=False, help_text="A keyed hash of the browser's cookie.", unique=True)),
                ('browser_digest', models.UUIDField(editable=False, help_text='A keyed hash of what the browser calls itself.')),
                ('contact_digest', models.UUIDField(editable=False, help_text='A keyed hash of the address that the code went to.')),
                ('proved_at', models.DateTimeField()),
                ('last_seen_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(help_text='Over from this moment on; set to now when it is ended.')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='status_visits', to='requests.case')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AddIndex(
            model_name='statusattempt',
            index=models.Index(fields=['expires_at', 'id'], name='statusattempt_expiry'),
        ),
        migrations.AddIndex(
            model_name='statusattempt',
            index=models.Index(condition=models.Q(('looked_up_at__isnull', True)), fields=['asked_at'], name='statusattempt_waiting'),
        ),
        migrations.AddConstraint(
            model_name='statusattempt',
            constraint=models.CheckConstraint(condition=models.Q(('looked_up_at__isnull', True), ('given__isnull', True), _connector='OR'), name='statusattempt_forgets_what_was_typed'),
        ),
        migrations.AddConstraint(
            model_name='statusattempt',
            constraint=models.CheckConstraint(condition=models.Q(('code_digest__isnull', True), models.Q(('case__isnull', False), ('contact_digest__isnull', False)), _connector='OR'), name='statusattempt_code_is_of_a_case'),
        ),
        migrations.AddIndex(
            model_name='statusvisit',
            index=models.Index(fields=['expires_at', 'id'], name='statusvisit_expiry'),
        ),
    ]
