"""Addresses of signing in, under `admin/login/`. Wiring only."""

from django.urls import path

from config.sign_in import views

app_name = "sign_in"
urlpatterns = [
    path("", views.password, name="password"),
    path("code/", views.code, name="code"),
    path("enrol/", views.enrol, name="enrol"),
    path("again/", views.again, name="again"),
]
