from django.contrib.admin.views.decorators import staff_member_required
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone

from . import queries, tables


@staff_member_required
def month(request, year, month):
    return render(request, "reports/month.html", {"table": tables.month_table(year, month)})


@staff_member_required
def stock(request):
    return JsonResponse({"slow": queries.slow_stock(), "value": str(tables.shelf_value())})


@staff_member_required
def refunds(request):
    year = int(request.GET.get("year", timezone.localdate().year))
    return JsonResponse({"rows": queries.refunds_by_reason(year)})
