import django.contrib.postgres.fields
import django.db.models.deletion
import privacy.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('customers', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Breach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('aware_at', models.DateTimeField(help_text='The time to tell the regulator begins here.', verbose_name='we knew of it')),
                ('due_at', models.DateTimeField(help_text='The last moment to tell the regulator.')),
                ('occurred_at', models.DateTimeField(null=True, verbose_name='it happened')),
                ('discovered_at', models.DateTimeField(null=True, verbose_name='somebody noticed it')),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('confidentiality', 'Seen or taken by somebody who may not'), ('integrity', 'Changed by somebody who may not, or by mistake'), ('availability', 'Lost, destroyed or out of reach')], max_length=15), size=None)),
                ('people', models.PositiveIntegerField(null=True, verbose_name='number of people')),
                ('records', models.PositiveIntegerField(null=True, verbose_name='number of records')),
                ('what', privacy.fields.SealedTextField(editable=True)),
                ('which_data', privacy.fields.SealedTextField(editable=True, null=True)),
                ('cause', privacy.fields.SealedTextField(editable=True, null=True)),
                ('consequences', privacy.fields.SealedTextField(editable=True, null=True)),
                ('measures', privacy.fields.SealedTextField(editable=True, null=True)),
                ('processor', privacy.fields.SealedTextField(editable=True, null=True)),
                ('risk', models.CharField(choices=[('unknown', 'Not judged yet'), ('unlikely', 'Unlikely to be a risk to anybody'), ('risk', 'A risk to people'), ('high', 'A high risk to people')], default='unknown', max_length=8)),
                ('risk_reason', privacy.fields.SealedTextField(editable=True, null=True)),
                ('regulator_told_at', models.DateTimeField(null=True)),
                ('regulator_reference', models.CharField(blank=True, max_length=60)),
                ('regulator_why_not', privacy.fields.SealedTextField(editable=True, null=True)),
                ('late_reason', privacy.fields.SealedTextField(editable=True, null=True)),
                ('people_told_on', models.DateField(null=True)),
                ('people_why_not', privacy.fields.SealedTextField(editable=True, null=True)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.CharField(max_length=80)),
                ('lessons', privacy.fields.SealedTextField(editable=True, null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_on', models.DateField(null=True)),
                ('closed_by', models.CharField(blank=True, max_length=80)),
            ],
            options={
                'verbose_name_plural': 'breaches',
                'ordering': ['-pk'],
                'default_permissions': ('view', 'add', 'change'),
                'indexes': [models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['due_at', 'id'], name='breach_open'), models.Index(condition=models.Q(('closed_on__isnull', False)), fields=['closed_on', 'id'], name='breach_closed')],
                'constraints': [models.CheckConstraint(condition=models.Q(('regulator_told_at__isnull', True), ('regulator_told_at__gte', models.F('aware_at')), _connector='OR'), name='breach_known_before_the_regulator_was_told'), models.CheckConstraint(condition=models.Q(('regulator_told_at__isnull', True), ('regulator_told_at__lte', models.F('due_at')), ('late_reason__isnull', False), _connector='OR'), name='breach_told_late_says_why'), models.CheckConstraint(condition=models.Q(('regulator_why_not__isnull', True), ('risk', 'unlikely'), _connector='OR'), name='breach_not_told_only_when_unlikely'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by', ''), ('closed_on__isnull', True)), models.Q(('closed_at__isnull', False), ('closed_on__isnull', False), ('lessons__isnull', False), models.Q(('closed_by', ''), _negated=True), models.Q(('risk', 'unknown'), _negated=True), models.Q(('regulator_told_at__isnull', False), ('regulator_why_not__isnull', False), _connector='OR'), models.Q(models.Q(('risk', 'high'), _negated=True), ('people_told_on__isnull', False), ('people_why_not__isnull', False), _connector='OR')), _connector='OR'), name='breach_closed_when_all_was_decided')],
            },
        ),
        migrations.CreateModel(
            name='BreachPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('told_at', models.DateTimeField(null=True)),
                ('means', models.CharField(blank=True, help_text='email or letter', max_length=6)),
                ('breach', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='persons', to='breaches.breach')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='breaches', to='customers.customer')),
            ],
            options={
                'verbose_name': 'person of a breach',
                'verbose_name_plural': 'people of breaches',
                'ordering': ['pk'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('breach', 'customer'), name='breachperson_once'), models.CheckConstraint(condition=models.Q(models.Q(('means', ''), ('told_at__isnull', True)), models.Q(('told_at__isnull', False), models.Q(('means', ''), _negated=True)), _connector='OR'), name='breachperson_told_by_some_means')],
            },
        ),
    ]
