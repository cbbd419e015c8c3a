from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.CreateModel(name='PaymentMethod',
            fields=[
                ('id', models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('gateway_code', models.SlugField(max_length=20)),
                ('active', models.BooleanField(default=True)),
                ('fee', models.DecimalField(decimal_places=2, default=0, max_digits=6)),
            ],
        ),
        migrations.CreateModel(name='PaymentEntry',
            fields=[
                ('id', models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('type', models.CharField(choices=[('charge', 'Charge'), ('refund', 'Refund'), ('chargeback', 'Chargeback')], default='charge', max_length=12)),
                ('target_id', models.PositiveIntegerField()),
                ('amount', models.DecimalField(decimal_places=2, max_digits=9)),
                ('gateway_ref', models.CharField(blank=True, max_length=64)),
                ('captured_at', models.DateTimeField(blank=True, null=True)),
                ('refund_reason', models.CharField(blank=True, max_length=120)),
                ('dispute_code', models.CharField(blank=True, max_length=12)),
                ('dispute_due', models.DateField(blank=True, null=True)),
                ('method', models.ForeignKey(null=True, on_delete=models.PROTECT, to='billing.paymentmethod')),
                ('refund_of', models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, to='billing.paymententry')),
                ('target_type', models.ForeignKey(on_delete=models.PROTECT, to='contenttypes.contenttype')),
            ],
            options={
                'verbose_name_plural': 'payment entries',
            },
        ),
    ]
