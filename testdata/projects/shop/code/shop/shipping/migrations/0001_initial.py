from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ('orders', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(name='Parcel',
            fields=[
                ('id', models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('grams', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(name='Shipment',
            fields=[
                ('id', models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('carrier', models.CharField(max_length=20)),
                ('tracking', models.CharField(blank=True, max_length=60)),
                ('label_url', models.URLField(blank=True)),
                ('handed_over', models.DateField(blank=True, null=True)),
                ('order', models.ForeignKey(on_delete=models.PROTECT, related_name='shipments', to='orders.order')),
            ],
        ),
        migrations.CreateModel(name='ParcelLine',
            fields=[
                ('id', models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pieces', models.PositiveSmallIntegerField()),
                ('line', models.ForeignKey(on_delete=models.PROTECT, to='orders.orderline')),
                ('parcel', models.ForeignKey(on_delete=models.CASCADE, to='shipping.parcel')),
            ],
        ),
        migrations.AddField(model_name='parcel', name='lines', field=models.ManyToManyField(through='shipping.ParcelLine', to='orders.orderline')),
        migrations.AddField(model_name='parcel', name='shipment', field=models.ForeignKey(on_delete=models.CASCADE, related_name='parcels', to='shipping.shipment')),
    ]
