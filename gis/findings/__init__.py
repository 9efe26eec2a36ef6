"""What an analysis answers with: figures, tables, verdicts, the features they are about, and a hash of it all."""

from gis.findings.feature import Feature, Look
from gis.findings.finding import Finding
from gis.findings.quantity import Quantity
from gis.findings.source import Source
from gis.findings.table import NOT_APPLICABLE, Heading, Table
from gis.findings.verdict import Outcome, Subject, Verdict

__all__ = [
    "NOT_APPLICABLE",
    "Feature",
    "Finding",
    "Heading",
    "Look",
    "Outcome",
    "Quantity",
    "Source",
    "Subject",
    "Table",
    "Verdict",
]
