"""What stands in the holes of addresses."""

import re

from django.urls import register_converter
from django.urls.converters import StringConverter

from comparison.web.downloads import FORMATS, TABLE_FORMATS


class FileFormat(StringConverter):
    """The ending of an address that asks for a file instead of a page."""

    regex = "|".join(FORMATS)


class TableFormat(StringConverter):
    """The same of a comparison, which comes in more shapes."""

    regex = "|".join(map(re.escape, TABLE_FORMATS))


class RecordFormat(StringConverter):
    """A decision record is a text or data; there is no table of it."""

    regex = "json|md"


class AnswerKey(StringConverter):
    """The name of a stored answer."""

    regex = "[0-9a-f]{1,32}"


class ReportNumber(StringConverter):
    """What a reader keeps of a report."""

    regex = "[0-9]{10}"


register_converter(FileFormat, "file_format")
register_converter(TableFormat, "table_format")
register_converter(AnswerKey, "key")
register_converter(RecordFormat, "record")
register_converter(ReportNumber, "report_number")
