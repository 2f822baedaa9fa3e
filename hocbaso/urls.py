"""Every address of the product."""

from django.urls import include, path

urlpatterns = [path("", include("schools.urls")), path("", include("records.urls"))]

handler400 = "schools.views.errors.bad_request"
