"""Addresses of the app: short Vietnamese slugs and public ids, never a code or a name."""

from django.urls import include, path

from schools.views import guides, health, home

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("huong-dan/", guides.guide_list, name="guide_list"),
    path("huong-dan/<slug:role>/", guides.guide, name="guide"),
    path("", include("schools.urls.accounts")),
    path("", include("schools.urls.province")),
    path("", include("schools.urls.students")),
    path("", include("schools.urls.classes")),
    path("", include("schools.urls.office")),
    path("", include("schools.urls.imports")),
]
