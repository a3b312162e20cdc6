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
            name='Disclosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('credit_search', 'Search with a credit reference agency'), ('account_report', "Monthly report of the account's conduct"), ('fraud_filing', 'Filing with a fraud prevention agency'), ('partner_feed', 'List passed to a partner')], max_length=16)),
                ('reference', models.CharField(max_length=64, unique=True)),
                ('occurred_on', models.DateField()),
                ('recipient', models.SlugField(help_text="The recipient's code in the register.", max_length=40)),
                ('recipient_name', models.CharField(help_text='As it was called on that day.', max_length=120)),
                ('purpose', models.SlugField(help_text="The purpose's code in the register.", max_length=40)),
                ('application', models.CharField(blank=True, help_text='Reference of the credit application.', max_length=40)),
                ('negotiations_ended_on', models.DateField(help_text='Consumer Credit Act 1974 s.157(1)', null=True)),
                ('detail', models.CharField(blank=True, help_text='Search type, reported status, or name of the feed.', max_length=120)),
                ('source_digest', models.UUIDField(editable=False, null=True)),
                ('credit_account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='disclosures', to='customers.creditaccount')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disclosures', to='customers.customer')),
            ],
            options={
                'ordering': ['-occurred_on', '-pk'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='FilingWithdrawal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', privacy.fields.SealedTextField(editable=True, help_text='What was wrong about it, for colleagues.')),
                ('withdrawn_on', models.DateField()),
                ('withdrawn_by', models.CharField(help_text='staff:ID or job:NAME.', max_length=80)),
                ('due_on', models.DateField(help_text='Until when the agency is to be told.')),
                ('told_on', models.DateField(null=True)),
                ('told_by', models.CharField(blank=True, max_length=80)),
                ('confirmed_on', models.DateField(null=True)),
                ('confirmed_by', models.CharField(blank=True, max_length=80)),
                ('filing', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal', to='disclosures.disclosure')),
            ],
            options={
                'ordering': ['due_on', 'pk'],
                'default_permissions': ('view', 'add', 'change'),
            },
        ),
        migrations.AddIndex(
            model_name='disclosure',
            index=models.Index(fields=['occurred_on', 'id'], name='disclosure_occurred'),
        ),
        migrations.AddIndex(
            model_name='disclosure',
            index=models.Index(fields=['kind', 'occurred_on', 'id'], name='disclosure_kind'),
        ),
        migrations.AddIndex(
            model_name='disclosure',
            index=models.Index(fields=['recipient', 'occurred_on', 'id'], name='disclosure_recipient'),
        ),
        migrations.AddIndex(
            model_name='disclosure',
            index=models.Index(condition=models.Q(('application', ''), _negated=True), fields=['application'], name='disclosure_application'),
        ),
        migrations.AddConstraint(
            model_name='disclosure',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'account_report'), _negated=True), ('credit_account__isnull', False), _connector='OR'), name='disclosure_report_names_its_account'),
        ),
        migrations.AddConstraint(
            model_name='disclosure',
            constraint=models.CheckConstraint(condition=models.Q(('negotiations_ended_on__isnull', True), ('negotiations_ended_on__gte', models.F('occurred_on')), _connector='OR'), name='disclosure_search_precedes_the_end'),
        ),
        migrations.AddIndex(
            model_name='filingwithdrawal',
            index=models.Index(condition=models.Q(('confirmed_on__isnull', True)), fields=['due_on', 'id'], name='filingwithdrawal_open'),
        ),
        migrations.AddConstraint(
            model_name='filingwithdrawal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('told_by', ''), ('told_on__isnull', True)), models.Q(('told_on__gte', models.F('withdrawn_on')), models.Q(('told_by', ''), _negated=True)), _connector='OR'), name='filingwithdrawal_told_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='filingwithdrawal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_by', ''), ('confirmed_on__isnull', True)), models.Q(('confirmed_on__gte', models.F('told_on')), models.Q(('confirmed_by', ''), _negated=True)), _connector='OR'), name='filingwithdrawal_told_before_confirmed'),
        ),
    ]
