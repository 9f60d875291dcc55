from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStorage(CompressedManifestStaticFilesStorage):
    """Static files under hashed names, also where one script imports another."""

    support_js_module_import_aggregation = True
