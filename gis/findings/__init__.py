"""What an analysis answers with: figures, tables, verdicts, the features they are about, and a hash of it all."""

from gis.findings.finding import Feature, Finding
from gis.findings.quantity import Quantity
from gis.findings.table import Heading, Table
from gis.findings.verdict import Outcome, Subject, Verdict

__all__ = ["Feature", "Finding", "Heading", "Outcome", "Quantity", "Subject", "Table", "Verdict"]
