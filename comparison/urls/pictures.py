"""The addresses of the pictures of pages, which exist in every language as the pages do."""

from django.urls import path

from comparison.views.images import share_images

urlpatterns = [
    path("compare/<slug:names>.png", share_images.comparison_picture, name="comparison-image"),
    path("compare/<slug:names>/<slug:criterion>.png", share_images.row_picture, name="row-image"),
    path("frameworks/<slug:slug>.png", share_images.framework_picture, name="framework-image"),
    path("criteria/<slug:slug>.png", share_images.criterion_picture, name="criterion-image"),
    path("recommend/<slug:slug>.png", share_images.recommendation_picture, name="recommendation-image"),
    path("share.png", share_images.site_picture, name="site-image"),
]
