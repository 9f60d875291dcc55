from django.urls import path, re_path

from comparison import views

urlpatterns = [
    path("", views.home, name="home"),
    path("compare/", views.compare, name="compare"),
    path("compare/<slug:names>/", views.comparison, name="comparison"),
    path("compare/<slug:names>/<slug:criterion>/", views.opened_row, name="row"),
    path("frameworks/<slug:slug>/", views.framework, name="framework"),
    re_path(r"^claims/(?P<pk>[0-9]{1,18})/$", views.claim, name="claim"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
