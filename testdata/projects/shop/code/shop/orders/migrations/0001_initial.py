from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('catalog', '0001_initial'),
        ('cart', '0001_initial'),
        ('billing', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(name='Order',
            fields=[
                ('id', models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('number', models.CharField(max_length=20, unique=True)),
                ('state', models.CharField(choices=[('open', 'Open'), ('paid', 'Paid'), ('sent', 'Sent'), ('cancelled', 'Cancelled')], default='open', max_length=10)),
                ('mail', models.EmailField(max_length=254)),
                ('address_text', models.TextField()),
                ('country', models.CharField(default='DE', max_length=2)),
                ('goods', models.DecimalField(decimal_places=2, max_digits=9)),
                ('discount', models.DecimalField(decimal_places=2, default=0, max_digits=9)),
                ('shipping', models.DecimalField(decimal_places=2, default=0, max_digits=7)),
                ('total', models.DecimalField(decimal_places=2, max_digits=9)),
                ('cart', models.ForeignKey(null=True, on_delete=models.SET_NULL, to='cart.cart')),
                ('customer', models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name='orders', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'shop_orders',
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(name='OrderLine',
            fields=[
                ('id', models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=140)),
                ('quantity', models.PositiveSmallIntegerField()),
                ('unit_price', models.DecimalField(decimal_places=2, max_digits=9)),
                ('returned', models.PositiveSmallIntegerField(default=0)),
                ('order', models.ForeignKey(on_delete=models.CASCADE, related_name='lines', to='orders.order')),
                ('product', models.ForeignKey(on_delete=models.PROTECT, to='catalog.product')),
            ],
        ),
        migrations.CreateModel(name='OrderEvent',
            fields=[
                ('id', models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('text', models.CharField(max_length=200)),
                ('order', models.ForeignKey(on_delete=models.CASCADE, related_name='events', to='orders.order')),
            ],
        ),
        migrations.AddField(model_name='order', name='products', field=models.ManyToManyField(through='orders.OrderLine', to='catalog.product')),
        migrations.AddField(model_name='order', name='settled_by', field=models.OneToOneField(blank=True, null=True, on_delete=models.SET_NULL, to='billing.paymententry')),
    ]
