"""Schemas: every stored value as JSON and back without loss, the export file, and points as CSV.

The only room that imports marshmallow. Our own format is strict: an unknown field is an error.
"""

from __future__ import annotations

from iepcore.schemas.calendar_csv import CALENDAR_COLUMNS, calendar_lines_from_csv
from iepcore.schemas.documents import KIND_NAMES, dump, dump_part, load, load_part
from iepcore.schemas.ed_fi import EdFiPlan, is_ed_fi, read_ed_fi
from iepcore.schemas.export import FORMAT, FORMAT_VERSION, export_lines, import_lines
from iepcore.schemas.plan_csv import (
    TEMPLATES,
    goals_to_csv,
    is_plan_csv,
    plan_template,
    read_plan_csv,
    services_to_csv,
    supports_to_csv,
)
from iepcore.schemas.points_csv import POINT_COLUMNS, PointRow, points_to_csv, rows_from_csv
from iepcore.schemas.transfers import arriving_record, moved_id

__all__ = [
    "CALENDAR_COLUMNS",
    "FORMAT",
    "FORMAT_VERSION",
    "KIND_NAMES",
    "POINT_COLUMNS",
    "TEMPLATES",
    "EdFiPlan",
    "PointRow",
    "arriving_record",
    "calendar_lines_from_csv",
    "dump",
    "dump_part",
    "export_lines",
    "goals_to_csv",
    "import_lines",
    "is_ed_fi",
    "is_plan_csv",
    "load",
    "load_part",
    "moved_id",
    "plan_template",
    "points_to_csv",
    "read_ed_fi",
    "read_plan_csv",
    "rows_from_csv",
    "services_to_csv",
    "supports_to_csv",
]
