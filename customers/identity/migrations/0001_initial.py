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
            name='RateLimitHit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.UUIDField(editable=False)),
                ('at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(fields=['digest', 'at'], name='ratelimithit_digest'), models.Index(fields=['expires_at', 'id'], name='ratelimithit_expiry')],
            },
        ),
        migrations.CreateModel(
            name='CustomerChallenge',
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
                ('contact_kind', models.CharField(blank=True, choices=[('email', 'Email'), ('phone', 'Telephone'), ('address', 'Postal address')], max_length=8)),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='challenges', to='customers.customer')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(fields=['expires_at', 'id'], name='customerchallenge_expiry'), models.Index(condition=models.Q(('looked_up_at__isnull', True)), fields=['asked_at'], name='customerchallenge_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('looked_up_at__isnull', True), ('given__isnull', True), _connector='OR'), name='customerchallenge_forgets_what_was_typed'), models.CheckConstraint(condition=models.Q(('code_digest__isnull', True), ('customer__isnull', False), _connector='OR'), name='customerchallenge_code_is_somebodys')],
            },
        ),
        migrations.CreateModel(
            name='CustomerVisit',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('token_digest', models.UUIDField(editable=False, help_text="A keyed hash of the browser's cookie.", unique=True)),
                ('browser_digest', models.UUIDField(editable=False, help_text='A keyed hash of what the browser calls itself.')),
                ('proved_at', models.DateTimeField()),
                ('last_seen_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(help_text='Over from this moment on; set to now when it is ended.')),
                ('contact_kind', models.CharField(choices=[('email', 'Email'), ('phone', 'Telephone'), ('address', 'Postal address')], max_length=8)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='customers.customer')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(fields=['expires_at', 'id'], name='customervisit_expiry')],
            },
        ),
    ]
