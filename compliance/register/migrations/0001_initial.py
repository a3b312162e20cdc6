import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='AdequacyDecisionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('country', models.CharField(help_text='ISO 3166 code', max_length=2)),
                ('name', models.CharField(max_length=60)),
                ('scope', models.CharField(blank=True, help_text='Empty: every recipient there.', max_length=200)),
                ('valid_from', models.DateField(blank=True, null=True)),
                ('valid_to', models.DateField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DataCategory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('description', models.TextField(help_text='What it is, for a customer: “Your name, date of birth and customer number.”')),
                ('source', models.CharField(help_text='Where we get it from.', max_length=200)),
                ('position', models.PositiveSmallIntegerField(default=100, help_text='Order in the privacy notice.')),
                ('retired_on', models.DateField(blank=True, help_text='From this day the row no longer counts. It stays here, with its history.', null=True)),
            ],
            options={
                'verbose_name_plural': 'data categories',
                'ordering': ['position', 'name'],
                'default_permissions': ('view', 'add', 'change'),
            },
        ),
        migrations.CreateModel(
            name='DataCategoryEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.SlugField(db_index=False, max_length=40)),
                ('name', models.CharField(max_length=80)),
                ('description', models.TextField(help_text='What it is, for a customer: “Your name, date of birth and customer number.”')),
                ('source', models.CharField(help_text='Where we get it from.', max_length=200)),
                ('position', models.PositiveSmallIntegerField(default=100, help_text='Order in the privacy notice.')),
                ('retired_on', models.DateField(blank=True, help_text='From this day the row no longer counts. It stays here, with its history.', null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='LawfulBasis',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('article', models.CharField(choices=[('a', 'Consent'), ('b', 'Contract'), ('c', 'Legal obligation'), ('d', 'Vital interests'), ('e', 'Public task'), ('ea', 'Recognised legitimate interest'), ('f', 'Legitimate interests')], max_length=2, verbose_name='Article 6(1)')),
                ('explanation', models.TextField(help_text='Why it applies: the law, the contract, or the interest and its balance.')),
            ],
            options={
                'verbose_name_plural': 'lawful bases',
                'ordering': ['purpose', 'article'],
                'default_permissions': ('view', 'add', 'change'),
            },
        ),
        migrations.CreateModel(
            name='LawfulBasisEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('article', models.CharField(choices=[('a', 'Consent'), ('b', 'Contract'), ('c', 'Legal obligation'), ('d', 'Vital interests'), ('e', 'Public task'), ('ea', 'Recognised legitimate interest'), ('f', 'Legitimate interests')], max_length=2, verbose_name='Article 6(1)')),
                ('explanation', models.TextField(help_text='Why it applies: the law, the contract, or the interest and its balance.')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='NoticeVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True)),
                ('published_at', models.DateTimeField()),
                ('published_by', models.CharField(help_text='staff:ID or job:NAME', max_length=80)),
                ('summary', models.CharField(help_text='What changed, for a customer.', max_length=200)),
                ('content', models.JSONField(help_text='Headings and blocks, as composed from the register.')),
                ('digest', models.CharField(help_text='SHA-256 of the content.', max_length=64)),
            ],
            options={
                'verbose_name': 'privacy notice',
                'ordering': ['-number'],
                'default_permissions': ('view', 'add'),
            },
        ),
        migrations.CreateModel(
            name='Purpose',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('description', models.TextField(help_text='What we do and why, for a customer.')),
                ('automated_decision', models.TextField(blank=True, help_text='If a machine decides alone: the logic and what it means.')),
                ('when_restricted', models.CharField(blank=True, choices=[('consent', 'because you ask us for it'), ('claims', 'for legal claims'), ('others', 'to protect the rights of others'), ('public', 'for reasons of important public interest')], db_default='', default='', help_text='Empty: the use stops. What lets it go on is a proposal, decided for each person (UK GDPR Article 18(2)).', max_length=7, verbose_name="while the use of somebody's data is restricted")),
                ('direct_marketing', models.BooleanField(db_default=False, default=False, help_text="An objection to it is never weighed: it stops at once, whoever asks (UK GDPR Article 21(2)-(3)). So is choosing by somebody's habits what is offered to them.")),
                ('condition', models.CharField(blank=True, help_text='What in Schedule 1 of the 2018 Act lets us use data about offences or health.', max_length=250)),
                ('policy', models.TextField(blank=True, help_text='With a condition (paragraph 39): how Article 5 is kept to, what is kept how long.', verbose_name='policy document')),
                ('policy_review_on', models.DateField(blank=True, help_text='When it is looked at again. Empty: nobody has read it yet.', null=True)),
                ('position', models.PositiveSmallIntegerField(default=100)),
                ('retired_on', models.DateField(blank=True, help_text='From this day the row no longer counts. It stays here, with its history.', null=True)),
            ],
            options={
                'ordering': ['position', 'name'],
                'default_permissions': ('view', 'add', 'change'),
                'constraints': [models.CheckConstraint(condition=models.Q(('condition', ''), models.Q(('policy', ''), _negated=True), _connector='OR'), name='purpose_condition_has_a_policy')],
            },
        ),
        migrations.CreateModel(
            name='PurposeCategoryEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PurposeEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.SlugField(db_index=False, max_length=40)),
                ('name', models.CharField(max_length=100)),
                ('description', models.TextField(help_text='What we do and why, for a customer.')),
                ('automated_decision', models.TextField(blank=True, help_text='If a machine decides alone: the logic and what it means.')),
                ('when_restricted', models.CharField(blank=True, choices=[('consent', 'because you ask us for it'), ('claims', 'for legal claims'), ('others', 'to protect the rights of others'), ('public', 'for reasons of important public interest')], db_default='', default='', help_text='Empty: the use stops. What lets it go on is a proposal, decided for each person (UK GDPR Article 18(2)).', max_length=7, verbose_name="while the use of somebody's data is restricted")),
                ('direct_marketing', models.BooleanField(db_default=False, default=False, help_text="An objection to it is never weighed: it stops at once, whoever asks (UK GDPR Article 21(2)-(3)). So is choosing by somebody's habits what is offered to them.")),
                ('condition', models.CharField(blank=True, help_text='What in Schedule 1 of the 2018 Act lets us use data about offences or health.', max_length=250)),
                ('policy', models.TextField(blank=True, help_text='With a condition (paragraph 39): how Article 5 is kept to, what is kept how long.', verbose_name='policy document')),
                ('policy_review_on', models.DateField(blank=True, help_text='When it is looked at again. Empty: nobody has read it yet.', null=True)),
                ('position', models.PositiveSmallIntegerField(default=100)),
                ('retired_on', models.DateField(blank=True, help_text='From this day the row no longer counts. It stays here, with its history.', null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PurposeRecipientEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Recipient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40)),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(choices=[('credit_reference_agency', 'Credit reference agency'), ('fraud_prevention_agency', 'Fraud prevention agency'), ('carrier', 'Carrier'), ('processor', 'Processor acting for us'), ('debt_collection', 'Debt collection and tracing'), ('insurer', 'Insurer'), ('marketing_partner', 'Marketing partner'), ('authority', 'Public authority'), ('own_system', 'Another system of our own')], max_length=24)),
                ('receives', models.CharField(help_text='What it gets and what for, for a customer.', max_length=200)),
                ('with_every', models.CharField(blank=True, choices=[('order', 'Delivery of your orders'), ('card_payment', 'Payments with your cards'), ('email', 'Emails that we sent you'), ('text_message', 'Text messages that we sent you'), ('letter', 'Letters that were printed for us')], help_text='Then nobody logs it one by one: the records themselves say how often.', max_length=12, verbose_name='receives something with every')),
                ('address', models.TextField(blank=True)),
                ('telephone', models.CharField(blank=True, max_length=30)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('website', models.URLField(blank=True)),
                ('country', models.CharField(default='GB', help_text='ISO 3166 code of where the data goes', max_length=2)),
                ('safeguard', models.CharField(blank=True, choices=[('adequacy', 'Adequacy regulations (Article 45A)'), ('idta', 'International data transfer agreement (Article 46)'), ('addendum', 'UK addendum to the EU standard clauses (Article 46)'), ('bcr', 'Binding corporate rules (Article 47)'), ('exception', 'Exception for a specific situation (Article 49)')], help_text='Needed when the country is not the United Kingdom.', max_length=12)),
                ('safeguard_detail', models.CharField(blank=True, help_text='Where a copy can be had.', max_length=200)),
                ('valid_from', models.DateField(blank=True, null=True)),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('verified_on', models.DateField(blank=True, help_text='Address and telephone were last checked on this day.', null=True)),
            ],
            options={
                'ordering': ['kind', 'name', 'valid_from'],
                'default_permissions': ('view', 'add', 'change'),
            },
        ),
        migrations.CreateModel(
            name='RecipientEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.SlugField(db_index=False, max_length=40)),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(choices=[('credit_reference_agency', 'Credit reference agency'), ('fraud_prevention_agency', 'Fraud prevention agency'), ('carrier', 'Carrier'), ('processor', 'Processor acting for us'), ('debt_collection', 'Debt collection and tracing'), ('insurer', 'Insurer'), ('marketing_partner', 'Marketing partner'), ('authority', 'Public authority'), ('own_system', 'Another system of our own')], max_length=24)),
                ('receives', models.CharField(help_text='What it gets and what for, for a customer.', max_length=200)),
                ('with_every', models.CharField(blank=True, choices=[('order', 'Delivery of your orders'), ('card_payment', 'Payments with your cards'), ('email', 'Emails that we sent you'), ('text_message', 'Text messages that we sent you'), ('letter', 'Letters that were printed for us')], help_text='Then nobody logs it one by one: the records themselves say how often.', max_length=12, verbose_name='receives something with every')),
                ('address', models.TextField(blank=True)),
                ('telephone', models.CharField(blank=True, max_length=30)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('website', models.URLField(blank=True)),
                ('country', models.CharField(default='GB', help_text='ISO 3166 code of where the data goes', max_length=2)),
                ('safeguard', models.CharField(blank=True, choices=[('adequacy', 'Adequacy regulations (Article 45A)'), ('idta', 'International data transfer agreement (Article 46)'), ('addendum', 'UK addendum to the EU standard clauses (Article 46)'), ('bcr', 'Binding corporate rules (Article 47)'), ('exception', 'Exception for a specific situation (Article 49)')], help_text='Needed when the country is not the United Kingdom.', max_length=12)),
                ('safeguard_detail', models.CharField(blank=True, help_text='Where a copy can be had.', max_length=200)),
                ('valid_from', models.DateField(blank=True, null=True)),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('verified_on', models.DateField(blank=True, help_text='Address and telephone were last checked on this day.', null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RetentionRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True)),
                ('clock', models.SlugField(help_text='A clock that every model of the category declares.', max_length=40)),
                ('clock_name', models.CharField(help_text='In words, after “from”: “the end of your account”.', max_length=120)),
                ('condition', models.SlugField(blank=True, help_text='Empty: every record of the category.', max_length=40)),
                ('condition_name', models.CharField(blank=True, help_text='In words: “confirmed fraud”.', max_length=120)),
                ('period', models.PositiveSmallIntegerField(blank=True, help_text='Empty: for ever.', null=True, validators=[django.core.validators.MinValueValidator(0)])),
                ('unit', models.CharField(choices=[('days', 'days'), ('months', 'months'), ('years', 'years')], default='years', max_length=6)),
                ('authority', models.CharField(help_text='The law or policy that the period rests on.', max_length=200)),
                ('on_request', models.CharField(choices=[('erased', 'It is erased'), ('kept', 'It is kept'), ('kept_whole', 'It is kept, and so are who the person is and how to reach them')], db_default='kept_whole', default='kept_whole', help_text='Kept only because of a duty of law, or of legal claims that cannot be met without it (UK GDPR Article 17(3)). Who somebody is goes with the last of their records that needs it, whatever is said here.', max_length=10, verbose_name='if the person asks for erasure before that')),
                ('confirmed_on', models.DateField(blank=True, help_text='The owner confirmed this period on this day.', null=True)),
                ('confirmed_by', models.CharField(blank=True, editable=False, max_length=80)),
                ('retired_on', models.DateField(blank=True, help_text='From this day the row no longer counts. It stays here, with its history.', null=True)),
            ],
            options={
                'ordering': ['category', 'code'],
                'default_permissions': ('view', 'add', 'change'),
            },
        ),
        migrations.CreateModel(
            name='RetentionRuleEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.SlugField(db_index=False, max_length=40)),
                ('clock', models.SlugField(db_index=False, help_text='A clock that every model of the category declares.', max_length=40)),
                ('clock_name', models.CharField(help_text='In words, after “from”: “the end of your account”.', max_length=120)),
                ('condition', models.SlugField(blank=True, db_index=False, help_text='Empty: every record of the category.', max_length=40)),
                ('condition_name', models.CharField(blank=True, help_text='In words: “confirmed fraud”.', max_length=120)),
                ('period', models.PositiveSmallIntegerField(blank=True, help_text='Empty: for ever.', null=True, validators=[django.core.validators.MinValueValidator(0)])),
                ('unit', models.CharField(choices=[('days', 'days'), ('months', 'months'), ('years', 'years')], default='years', max_length=6)),
                ('authority', models.CharField(help_text='The law or policy that the period rests on.', max_length=200)),
                ('on_request', models.CharField(choices=[('erased', 'It is erased'), ('kept', 'It is kept'), ('kept_whole', 'It is kept, and so are who the person is and how to reach them')], db_default='kept_whole', default='kept_whole', help_text='Kept only because of a duty of law, or of legal claims that cannot be met without it (UK GDPR Article 17(3)). Who somebody is goes with the last of their records that needs it, whatever is said here.', max_length=10, verbose_name='if the person asks for erasure before that')),
                ('confirmed_on', models.DateField(blank=True, help_text='The owner confirmed this period on this day.', null=True)),
                ('confirmed_by', models.CharField(blank=True, editable=False, max_length=80)),
                ('retired_on', models.DateField(blank=True, help_text='From this day the row no longer counts. It stays here, with its history.', null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StopList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.SlugField(max_length=40)),
                ('written_at', models.DateTimeField()),
                ('by', models.CharField(help_text='staff:ID or job:NAME', max_length=80)),
                ('people', models.PositiveIntegerField()),
                ('digest', models.CharField(help_text='SHA-256 of the file.', max_length=64)),
            ],
            options={
                'ordering': ['-written_at'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='AdequacyDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', models.CharField(help_text='ISO 3166 code', max_length=2)),
                ('name', models.CharField(max_length=60)),
                ('scope', models.CharField(blank=True, help_text='Empty: every recipient there.', max_length=200)),
                ('valid_from', models.DateField(blank=True, null=True)),
                ('valid_to', models.DateField(blank=True, null=True)),
            ],
            options={
                'ordering': ['name'],
                'default_permissions': ('view', 'add', 'change'),
                'constraints': [models.UniqueConstraint(fields=('country', 'valid_from'), name='adequacydecision_once', nulls_distinct=False)],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='adequacydecision',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_adequacydecisionevent" ("country", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scope", "valid_from", "valid_to") VALUES (NEW."country", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."scope", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='0122df93cef4f9ad614d3c12caee694049d34060', operation='INSERT', pgid='pgtrigger_insert_insert_c40ee', table='register_adequacydecision', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='adequacydecision',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "register_adequacydecisionevent" ("country", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scope", "valid_from", "valid_to") VALUES (NEW."country", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."scope", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='f519a79c7487f490aeda0b27101d3e736a425b84', operation='UPDATE', pgid='pgtrigger_update_update_e273a', table='register_adequacydecision', when='AFTER')),
        ),
        migrations.AddField(
            model_name='adequacydecisionevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='adequacydecisionevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='register.adequacydecision'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datacategory',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_datacategoryevent" ("code", "description", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "retired_on", "source") VALUES (NEW."code", NEW."description", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."retired_on", NEW."source"); RETURN NULL;', hash='1a481236bd9341e4499e78e529835c0a1f9afdea', operation='INSERT', pgid='pgtrigger_insert_insert_e8257', table='register_datacategory', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datacategory',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "register_datacategoryevent" ("code", "description", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "retired_on", "source") VALUES (NEW."code", NEW."description", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."retired_on", NEW."source"); RETURN NULL;', hash='4444ad418615a637f3310c2096fe6666a0e56159', operation='UPDATE', pgid='pgtrigger_update_update_b6d55', table='register_datacategory', when='AFTER')),
        ),
        migrations.AddField(
            model_name='datacategoryevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='datacategoryevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='register.datacategory'),
        ),
        migrations.AddField(
            model_name='lawfulbasisevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='lawfulbasisevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='register.lawfulbasis'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='noticeversion',
            trigger=pgtrigger.compiler.Trigger(name='frozen', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1d246eb595188b5e56db364928426599eb807120', operation='UPDATE OR DELETE', pgid='pgtrigger_frozen_c3397', table='register_noticeversion', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='purpose',
            name='categories',
            field=models.ManyToManyField(related_name='purposes', to='register.datacategory'),
        ),
        migrations.AddField(
            model_name='lawfulbasisevent',
            name='purpose',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='register.purpose'),
        ),
        migrations.AddField(
            model_name='lawfulbasis',
            name='purpose',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lawful_bases', to='register.purpose'),
        ),
        migrations.AddField(
            model_name='purposecategoryevent',
            name='datacategory',
            field=models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='register.datacategory'),
        ),
        migrations.AddField(
            model_name='purposecategoryevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='purposecategoryevent',
            name='purpose',
            field=models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='register.purpose'),
        ),
        migrations.AddField(
            model_name='purposeevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='purposeevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='register.purpose'),
        ),
        migrations.AddField(
            model_name='purposerecipientevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='purposerecipientevent',
            name='purpose',
            field=models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='register.purpose'),
        ),
        migrations.AddConstraint(
            model_name='recipient',
            constraint=models.UniqueConstraint(fields=('code', 'valid_from'), name='recipient_code_dated', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='recipient',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_from__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='recipient_ends_after_beginning'),
        ),
        migrations.AddField(
            model_name='purposerecipientevent',
            name='recipient',
            field=models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='register.recipient'),
        ),
        migrations.AddField(
            model_name='purpose',
            name='recipients',
            field=models.ManyToManyField(blank=True, related_name='purposes', to='register.recipient'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recipient',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_recipientevent" ("address", "code", "country", "email", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "receives", "safeguard", "safeguard_detail", "telephone", "valid_from", "valid_to", "verified_on", "website", "with_every") VALUES (NEW."address", NEW."code", NEW."country", NEW."email", NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."receives", NEW."safeguard", NEW."safeguard_detail", NEW."telephone", NEW."valid_from", NEW."valid_to", NEW."verified_on", NEW."website", NEW."with_every"); RETURN NULL;', hash='06f0582bbde79c16ab76287f6ba972563acc4ff6', operation='INSERT', pgid='pgtrigger_insert_insert_dfb58', table='register_recipient', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recipient',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "register_recipientevent" ("address", "code", "country", "email", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "receives", "safeguard", "safeguard_detail", "telephone", "valid_from", "valid_to", "verified_on", "website", "with_every") VALUES (NEW."address", NEW."code", NEW."country", NEW."email", NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."receives", NEW."safeguard", NEW."safeguard_detail", NEW."telephone", NEW."valid_from", NEW."valid_to", NEW."verified_on", NEW."website", NEW."with_every"); RETURN NULL;', hash='6cad03e5057405c35caba625789ece3f5776bc4d', operation='UPDATE', pgid='pgtrigger_update_update_b8aa4', table='register_recipient', when='AFTER')),
        ),
        migrations.AddField(
            model_name='recipientevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='recipientevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='register.recipient'),
        ),
        migrations.AddField(
            model_name='retentionrule',
            name='category',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='retention_rules', to='register.datacategory'),
        ),
        migrations.AddField(
            model_name='retentionrule',
            name='purpose',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='retention_rules', to='register.purpose'),
        ),
        migrations.AddField(
            model_name='retentionruleevent',
            name='category',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='register.datacategory'),
        ),
        migrations.AddField(
            model_name='retentionruleevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='retentionruleevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='register.retentionrule'),
        ),
        migrations.AddField(
            model_name='retentionruleevent',
            name='purpose',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='register.purpose'),
        ),
        migrations.AddIndex(
            model_name='stoplist',
            index=models.Index(fields=['purpose', '-written_at'], name='stoplist_latest'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='adequacydecisionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='936df556e2e061d13ed0c99cfd5664822bc017c2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_43c63', table='register_adequacydecisionevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datacategoryevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1e851c350d1ff4ac34a30c8b065db1ac67229400', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1d49a', table='register_datacategoryevent', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='PurposeCategory',
            fields=[
            ],
            options={
                'proxy': True,
                'default_permissions': (),
                'indexes': [],
                'constraints': [],
            },
            bases=('register.purpose_categories',),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lawfulbasisevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='aec521b2eb0f6b4bcac032ead77aeeee01a0233c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_97438', table='register_lawfulbasisevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='lawfulbasis',
            constraint=models.UniqueConstraint(fields=('purpose', 'article'), name='lawfulbasis_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lawfulbasis',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_lawfulbasisevent" ("article", "explanation", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose_id") VALUES (NEW."article", NEW."explanation", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."purpose_id"); RETURN NULL;', hash='dfb3eb1285c2990eb25228cd5297429c68320778', operation='INSERT', pgid='pgtrigger_insert_insert_34af1', table='register_lawfulbasis', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lawfulbasis',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "register_lawfulbasisevent" ("article", "explanation", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose_id") VALUES (NEW."article", NEW."explanation", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."purpose_id"); RETURN NULL;', hash='434dc82c4e7123601e4d809454b7bdac29a64d85', operation='UPDATE', pgid='pgtrigger_update_update_9feda', table='register_lawfulbasis', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lawfulbasis',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_lawfulbasisevent" ("article", "explanation", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose_id") VALUES (OLD."article", OLD."explanation", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."purpose_id"); RETURN NULL;', hash='327cbc9f562d8e75f030ebe6895c995f9369b6b8', operation='DELETE', pgid='pgtrigger_delete_delete_a799d', table='register_lawfulbasis', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='purposecategoryevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0b4e8610704e9823fb0689d7573e12f3eee3d695', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9f0e7', table='register_purposecategoryevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='purposeevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e09c455ed26105825a6718c94ddb33809fed2190', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_23729', table='register_purposeevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='purposerecipientevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8041d1749627f9f87e9f698280bd6a3ef71451c3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3bd9a', table='register_purposerecipientevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='purpose',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_purposeevent" ("automated_decision", "code", "condition", "description", "direct_marketing", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy", "policy_review_on", "position", "retired_on", "when_restricted") VALUES (NEW."automated_decision", NEW."code", NEW."condition", NEW."description", NEW."direct_marketing", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."policy", NEW."policy_review_on", NEW."position", NEW."retired_on", NEW."when_restricted"); RETURN NULL;', hash='c5001849ccfa29296c071ab51d3248d94f157533', operation='INSERT', pgid='pgtrigger_insert_insert_4e80c', table='register_purpose', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='purpose',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "register_purposeevent" ("automated_decision", "code", "condition", "description", "direct_marketing", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy", "policy_review_on", "position", "retired_on", "when_restricted") VALUES (NEW."automated_decision", NEW."code", NEW."condition", NEW."description", NEW."direct_marketing", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."policy", NEW."policy_review_on", NEW."position", NEW."retired_on", NEW."when_restricted"); RETURN NULL;', hash='cbb02a6566381d64fa316fb7b20b40f4d967487b', operation='UPDATE', pgid='pgtrigger_update_update_32530', table='register_purpose', when='AFTER')),
        ),
        migrations.CreateModel(
            name='PurposeRecipient',
            fields=[
            ],
            options={
                'proxy': True,
                'default_permissions': (),
                'indexes': [],
                'constraints': [],
            },
            bases=('register.purpose_recipients',),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recipientevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c14fb639bb03bd34ecd1d1f7acb765893b4b38cf', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_51d54', table='register_recipientevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='retentionrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_by', ''), ('confirmed_on__isnull', True)), models.Q(('confirmed_on__isnull', False), models.Q(('confirmed_by', ''), _negated=True)), _connector='OR'), name='retentionrule_confirmed_by_somebody'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='retentionrule',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_retentionruleevent" ("authority", "category_id", "clock", "clock_name", "code", "condition", "condition_name", "confirmed_by", "confirmed_on", "id", "on_request", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose_id", "retired_on", "unit") VALUES (NEW."authority", NEW."category_id", NEW."clock", NEW."clock_name", NEW."code", NEW."condition", NEW."condition_name", NEW."confirmed_by", NEW."confirmed_on", NEW."id", NEW."on_request", NEW."period", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."purpose_id", NEW."retired_on", NEW."unit"); RETURN NULL;', hash='9a35a17a0281db31f1242c968427f6de4796801e', operation='INSERT', pgid='pgtrigger_insert_insert_dc559', table='register_retentionrule', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='retentionrule',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "register_retentionruleevent" ("authority", "category_id", "clock", "clock_name", "code", "condition", "condition_name", "confirmed_by", "confirmed_on", "id", "on_request", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose_id", "retired_on", "unit") VALUES (NEW."authority", NEW."category_id", NEW."clock", NEW."clock_name", NEW."code", NEW."condition", NEW."condition_name", NEW."confirmed_by", NEW."confirmed_on", NEW."id", NEW."on_request", NEW."period", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."purpose_id", NEW."retired_on", NEW."unit"); RETURN NULL;', hash='c92390914c8abc2953ff9e1dbec656fb1a50df0c', operation='UPDATE', pgid='pgtrigger_update_update_cffdc', table='register_retentionrule', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='retentionruleevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f4f8d6da96cda12b0809f6af783158c01d670f29', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e946c', table='register_retentionruleevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='purposecategory',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_purposecategoryevent" ("datacategory_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "purpose_id") VALUES (NEW."datacategory_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."purpose_id"); RETURN NULL;', hash='2c66066434d07bf3501a27400fdc4b575c0ea65f', operation='INSERT', pgid='pgtrigger_insert_insert_dcaf0', table='register_purpose_categories', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='purposecategory',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_purposecategoryevent" ("datacategory_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "purpose_id") VALUES (OLD."datacategory_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."purpose_id"); RETURN NULL;', hash='f8dc21501388f0e85dfa8bee2b59fde660d904ba', operation='DELETE', pgid='pgtrigger_delete_delete_9d828', table='register_purpose_categories', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='purposerecipient',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_purposerecipientevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "purpose_id", "recipient_id") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."purpose_id", NEW."recipient_id"); RETURN NULL;', hash='ea42194a4d01b1032f51ea9b324a47a0e5b22455', operation='INSERT', pgid='pgtrigger_insert_insert_2b3e3', table='register_purpose_recipients', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='purposerecipient',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "register_purposerecipientevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "purpose_id", "recipient_id") VALUES (OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."purpose_id", OLD."recipient_id"); RETURN NULL;', hash='5ea05f2fa644e8e43311e02e8f31f893e65bfbe1', operation='DELETE', pgid='pgtrigger_delete_delete_38103', table='register_purpose_recipients', when='AFTER')),
        ),
    ]
