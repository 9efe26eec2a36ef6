"""A finding as a document: PDF, a page of HTML, a workbook, in Vietnamese or English."""

from gis.reports.writing import report

__all__ = ["report"]
