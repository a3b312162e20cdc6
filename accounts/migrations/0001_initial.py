import django.core.validators
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
            name='StaffUser',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('staff_id', models.CharField(help_text='A payroll or desk number, not a personal name.', max_length=32, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9][a-z0-9._-]+$', 'Use small letters, digits, dots and dashes.')], verbose_name='staff ID')),
                ('role', models.CharField(choices=[('care_agent', 'Care agent'), ('data_protection_lead', 'Data protection lead'), ('fraud_investigator', 'Fraud investigator'), ('auditor', 'Auditor (reads all, changes nothing)'), ('operator', 'Operator')], max_length=32)),
                ('is_active', models.BooleanField(default=True, verbose_name='may sign in')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'staff account',
                'ordering': ['staff_id'],
                'default_permissions': ('view', 'add', 'change'),
            },
        ),
        migrations.CreateModel(
            name='SignInAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.UUIDField(editable=False)),
                ('at', models.DateTimeField(db_index=True)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('what', models.SlugField(help_text='Code of the act (see accounts.approvals).', max_length=40)),
                ('subject_label', models.CharField(help_text='The model, as app.Model.', max_length=80)),
                ('subject_id', models.CharField(help_text='Its primary key.', max_length=40)),
                ('person', models.UUIDField(db_index=True, help_text='The customer whom it is about, where it is about one.', null=True)),
                ('reason', privacy.fields.SealedTextField(editable=True, help_text='Why, for colleagues.')),
                ('review_on', models.DateField(help_text='When somebody must look whether it is still right.')),
                ('asked_by', models.CharField(help_text='staff:ID', max_length=80)),
                ('asked_at', models.DateTimeField()),
                ('verdict', models.CharField(blank=True, choices=[('approved', 'Approved'), ('refused', 'Refused')], max_length=8)),
                ('decided_by', models.CharField(blank=True, max_length=80)),
                ('decided_at', models.DateTimeField(null=True)),
                ('ended_by', models.CharField(blank=True, max_length=80)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'decision of two people',
                'verbose_name_plural': 'decisions of two people',
                'ordering': ['-asked_at'],
                'default_permissions': ('view', 'add', 'change'),
                'indexes': [models.Index(fields=['review_on', 'id'], name='approval_review'), models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['what', 'subject_id'], name='approval_standing')],
                'constraints': [models.CheckConstraint(condition=models.Q(('decided_by', ''), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='approval_never_decided_by_who_asked'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by', ''), ('verdict', '')), models.Q(models.Q(('verdict', ''), _negated=True), models.Q(('decided_by', ''), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='approval_decided_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by', '')), models.Q(models.Q(('ended_by', ''), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='approval_ended_by_somebody'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('what', 'subject_label', 'subject_id', 'verdict'), name='approval_once')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='approval',
            trigger=pgtrigger.compiler.Trigger(name='decided_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                IF (NEW.what, NEW.subject_label, NEW.subject_id, NEW.person, NEW.review_on, NEW.asked_by, NEW.asked_at)\n                    IS DISTINCT FROM (OLD.what, OLD.subject_label, OLD.subject_id, OLD.person, OLD.review_on,\n                        OLD.asked_by, OLD.asked_at)\n                    OR (OLD.verdict <> '' AND (NEW.verdict, NEW.decided_by, NEW.decided_at)\n                        IS DISTINCT FROM (OLD.verdict, OLD.decided_by, OLD.decided_at))\n                    OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at)\n                THEN RAISE EXCEPTION 'what two people decided does not change' USING ERRCODE = 'restrict_violation';\n                END IF;\n                RETURN NEW;\n            ", hash='ee2ac6b8bee6daff2f1a767ee304a133cf0f7d24', operation='UPDATE', pgid='pgtrigger_decided_once_a61ab', table='accounts_approval', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='signinattempt',
            index=models.Index(fields=['digest'], name='signinattempt_digest'),
        ),
    ]
