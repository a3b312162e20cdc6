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
            name='PurgeRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_of', models.DateField()),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('started_by', models.CharField(max_length=80)),
                ('outcome', models.CharField(choices=[('running', 'Running, or ended without a word'), ('done', 'Done'), ('failed', 'Failed')], default='running', max_length=8)),
                ('category', models.CharField(blank=True, help_text='Empty: every category.', max_length=40)),
                ('uncovered', models.PositiveIntegerField(default=0, help_text='Counted as a whole run ends.', verbose_name='records that no rule covers')),
            ],
            options={
                'ordering': ['-pk'],
                'default_permissions': ('view',),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('outcome', 'running')), models.Q(models.Q(('outcome', 'running'), _negated=True), ('finished_at__gte', models.F('started_at'))), _connector='OR'), name='purgerun_ended_when_it_ended')],
            },
        ),
        migrations.CreateModel(
            name='PurgeProgress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=80)),
                ('rule', models.CharField(max_length=40)),
                ('erased', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='progress', to='retention.purgerun')),
            ],
            options={
                'ordering': ['pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ErasedSubject',
            fields=[
                ('subject', models.UUIDField(primary_key=True, serialize=False)),
                ('run', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='erased_subjects', to='retention.purgerun')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='LegalHold',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('request', 'Open rights request'), ('complaint', 'Complaint'), ('debt', 'Debt in dispute'), ('litigation', 'Legal claim'), ('fraud', 'Fraud investigation'), ('regulator', "Regulator's enquiry")], max_length=12)),
                ('reason', privacy.fields.SealedTextField(editable=True, help_text='What it is about, for colleagues.')),
                ('owner', models.CharField(help_text='Who answers for it: staff:ID', max_length=80)),
                ('placed_at', models.DateTimeField()),
                ('review_on', models.DateField(help_text='When somebody must look whether it is still needed.')),
                ('released_on', models.DateField(null=True)),
                ('released_by', models.CharField(blank=True, max_length=80)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='legal_holds', to='customers.customer')),
            ],
            options={
                'ordering': ['review_on'],
                'default_permissions': ('view', 'add', 'change'),
                'indexes': [models.Index(condition=models.Q(('released_on__isnull', True)), fields=['customer'], name='legalhold_active'), models.Index(condition=models.Q(('released_on__isnull', False)), fields=['released_on', 'id'], name='legalhold_released')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('released_by', ''), ('released_on__isnull', True)), models.Q(('released_on__isnull', False), models.Q(('released_by', ''), _negated=True)), _connector='OR'), name='legalhold_released_by_somebody')],
            },
        ),
    ]
