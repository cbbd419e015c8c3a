from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from .models import Address
from .services import prefer_address, register


def sign_up(request):
    problem = ""
    if request.method == "POST":
        form = request.POST
        if form.get("password") != form.get("password_again"):
            problem = "The two passwords differ."
        else:
            register(form["username"], form["mail"], form["password"], "newsletter" in form)
            return redirect("accounts:login")
    return render(request, "accounts/sign_up.html", {"problem": problem})


@login_required
def addresses(request):
    return render(request, "accounts/addresses.html", {"rows": request.user.addresses.all()})


@login_required
@require_POST
def make_preferred(request, address_id):
    get_object_or_404(Address, pk=address_id, user=request.user)
    prefer_address(request.user, address_id)
    return redirect("accounts:addresses")
