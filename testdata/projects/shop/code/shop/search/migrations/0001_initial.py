from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ('catalog', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(name='SearchDocument',
            fields=[
                ('id', models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body', models.TextField()),
                ('rank', models.FloatField(default=0)),
                ('built_at', models.DateTimeField(auto_now=True)),
                ('product', models.OneToOneField(on_delete=models.CASCADE, related_name='search_document', to='catalog.product')),
            ],
        ),
    ]
