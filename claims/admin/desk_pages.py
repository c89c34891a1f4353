"""Addresses of the desk inside the admin. Addresses carry random public ids and nothing else."""

from django.contrib import admin

from claims.admin import desk, desk_bill, desk_calculator, desk_entry, desk_reveal

PAGES = (
    ("desk/", desk.desk, "claims_desk"),
    ("desk/search/", desk.search, "claims_desk_search"),
    ("desk/facilities/", desk_entry.facilities, "claims_desk_facilities"),
    ("desk/calculator/", desk_calculator.calculator, "claims_desk_calculator"),
    ("desk/person/<uuid:public_id>/", desk.desk_person, "claims_desk_person"),
    ("desk/person/<uuid:public_id>/live/", desk_entry.live, "claims_desk_live"),
    ("desk/person/<uuid:public_id>/confirm/", desk_entry.confirm, "claims_desk_confirm"),
    ("desk/person/<uuid:public_id>/discard/", desk_entry.discard, "claims_desk_discard"),
    ("desk/person/<uuid:public_id>/reveal/", desk_reveal.reveal, "claims_desk_reveal"),
    ("desk/bill/<uuid:public_id>/", desk_bill.desk_bill, "claims_desk_bill"),
    ("desk/bill/<uuid:public_id>/reverse/", desk_bill.reverse_bill, "claims_desk_reverse"),
    ("desk/bill/<uuid:public_id>/withdraw/", desk_bill.withdraw_bill, "claims_desk_withdraw"),
    ("desk/bill/<uuid:public_id>/settle/", desk_bill.settle_held, "claims_desk_settle"),
    ("desk/bill/<uuid:public_id>/correct/", desk_bill.correct_bill, "claims_desk_correct"),
    (
        "desk/bill/<uuid:public_id>/correct/live/",
        desk_bill.correct_live,
        "claims_desk_correct_live",
    ),
    (
        "desk/bill/<uuid:public_id>/correct/confirm/",
        desk_bill.correct_confirm,
        "claims_desk_correct_confirm",
    ),
)

for route, view, name in PAGES:
    admin.site.register_page(route, view, name)
