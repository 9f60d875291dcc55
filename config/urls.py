from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.views.generic import RedirectView


class Icon(RedirectView):
    """Browsers request this address for pages that name no icon, such as the admin's."""

    def get_redirect_url(self, *args: object, **kwargs: object) -> str:
        return static("icon.svg")


urlpatterns = [
    path("favicon.ico", Icon.as_view()),
    path("admin/", admin.site.urls),
    path("", include("comparison.urls.files")),
    *i18n_patterns(
        path("", include("comparison.urls.pictures")),
        path("", include("comparison.urls.pages")),
        prefix_default_language=False,
    ),
]
handler400 = "comparison.web.errors.malformed"
handler404 = "comparison.web.errors.page_not_found"
handler500 = "comparison.admin.access.unsaved.broken"
