"""The standards as data with a calendar: editions, their rules, and what a rule asks in a case."""

from gis.standards.calendar import edition, editions, in_force
from gis.standards.edition import Edition, NoEditionError, UnknownEditionError, UnknownRuleError
from gis.standards.rule import MissingFactError, Norm, NotApplicableError, Rule, UnknownValueError, WrongFactError
from gis.standards.terms import Term, terms

__all__ = [
    "Edition",
    "MissingFactError",
    "NoEditionError",
    "Norm",
    "NotApplicableError",
    "Rule",
    "Term",
    "UnknownEditionError",
    "UnknownRuleError",
    "UnknownValueError",
    "WrongFactError",
    "edition",
    "editions",
    "in_force",
    "terms",
]
