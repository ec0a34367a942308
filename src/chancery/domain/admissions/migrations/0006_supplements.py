"""Keep what the office asked for, what was sent again and which papers it replaced."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('admissions', '0005_stage_index'),
        ('documents', '0002_written_once'),
        ('files', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SupplementRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked', models.JSONField()),
                ('asked_at', models.DateTimeField()),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supplement_requests', to='admissions.application')),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='supplement_request', to='admissions.dialogueentry')),
            ],
        ),
        migrations.CreateModel(
            name='Supplement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answers', models.JSONField()),
                ('sent_at', models.DateTimeField()),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supplements', to='admissions.application')),
                ('document', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='supplement', to='admissions.supplementrequest')),
            ],
        ),
        migrations.CreateModel(
            name='ReplacedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60)),
                ('replaced_at', models.DateTimeField()),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replaced_files', to='admissions.supplementrequest')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('request', 'key'), name='file_replaced_once_a_request')],
            },
        ),
    ]
