"""Schemas: every stored value as JSON and back without loss, the export file, and points as CSV.

The only room that imports marshmallow. Our own format is strict: an unknown field is an error.
"""

from __future__ import annotations

from iepcore.schemas.calendar_csv import CALENDAR_COLUMNS, calendar_lines_from_csv
from iepcore.schemas.documents import KIND_NAMES, dump, dump_part, load, load_part
from iepcore.schemas.export import FORMAT, FORMAT_VERSION, export_lines, import_lines
from iepcore.schemas.points_csv import POINT_COLUMNS, PointRow, points_to_csv, rows_from_csv
from iepcore.schemas.transfers import arriving_record, moved_id

__all__ = [
    "CALENDAR_COLUMNS",
    "FORMAT",
    "FORMAT_VERSION",
    "KIND_NAMES",
    "POINT_COLUMNS",
    "PointRow",
    "arriving_record",
    "calendar_lines_from_csv",
    "dump",
    "dump_part",
    "export_lines",
    "import_lines",
    "load",
    "load_part",
    "moved_id",
    "points_to_csv",
    "rows_from_csv",
]
