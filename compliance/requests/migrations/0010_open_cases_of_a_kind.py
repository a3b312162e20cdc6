"""Open cases of one kind that stand alike are found without a look at all that are open."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [("requests", "0009_late_ones")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["kind", "status"], condition=Q(closed_at__isnull=True), name="case_kind_status_open"),
        ),
    ]
