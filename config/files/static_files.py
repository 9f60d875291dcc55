from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStorage(CompressedManifestStaticFilesStorage):
    """Static files under hashed names, also where one script imports another.

    Files that collectstatic has not seen keep their names, so that pages never fail for want of a style sheet: before
    the first collectstatic, and after an upgrade without it.
    """

    support_js_module_import_aggregation = True

    def stored_name(self, name: str) -> str:
        try:
            return super().stored_name(name)
        except ValueError:
            return name
