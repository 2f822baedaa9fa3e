from django.urls import URLPattern, URLResolver, path

from schools.views import imports

urlpatterns: list[URLPattern | URLResolver] = [
    path("nhap-du-lieu/", imports.import_list, name="import_list"),
    path("nhap-du-lieu/moi/", imports.import_new, name="import_new"),
    path("nhap-du-lieu/mau/<slug:kind>.xlsx", imports.import_template, name="import_template"),
    path("nhap-du-lieu/<uuid:import_id>/", imports.import_preview, name="import_preview"),
    path("nhap-du-lieu/<uuid:import_id>/bi-tu-choi.xlsx", imports.import_refused, name="import_refused"),
]
