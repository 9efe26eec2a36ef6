"""Text without case and without accents, as the database folds it: the same for every way of writing a word."""

from __future__ import annotations

import re

from psycopg import sql

_SEVERAL = "ßẞŉևẚﬀﬁﬂﬃﬄﬅﬆﬓﬔﬕﬖﬗ"
"""What folds into several letters, besides what comes apart by its marks."""
_SINGLE = "µſ\u0345ςϐϑϕϖϰϱϵᲀᲁᲂᲃᲄᲅᲆᲇᲈ"
"""What folds into another letter than its small one."""
_UNUSUAL = f"[{_SEVERAL}{_SINGLE}İẛ\u0300-\u036f\u1f00-\u1fff]"
"""What a text has in it, if its folding is more than its small letters."""
# Vietnamese letters come apart into a letter and its marks, but for đ, which is a letter of its own, like those of
# other languages that a stroke crosses.
_CROSSED, _PLAIN = "đĐøØłŁħĦŧŦ", "dDoOlLhHtT"


def without_case(text: sql.Composable, written: str | None = None) -> sql.Composable:
    """Return the full case folding of a text, composed, so that `_` of LIKE stands for a letter with its marks.

    The inner SELECT works a text out once, be it folded many times over; only one that has unusual letters is folded
    letter by letter, which costs ten times as much.

    Parameters
    ----------
    written : what the text is, where that is known.

    References
    ----------
    The Unicode Standard, 3.13, canonical caseless matching; OGC 21-065r2, casei-function.
    """
    if written is not None:
        return _folded(text) if re.search(_UNUSUAL, written) else sql.SQL("lower({})").format(text)
    return sql.SQL(
        "(SELECT CASE WHEN word ~ {unusual} THEN {folded} ELSE lower(word) END "
        "FROM (SELECT {text} AS word OFFSET 0) AS text)"
    ).format(unusual=sql.Literal(_UNUSUAL), folded=_folded(sql.SQL("word")), text=text)


def without_accents(text: sql.Composable) -> sql.Composable:
    """Return a text whose letters have lost their marks and strokes."""
    bare = sql.SQL("regexp_replace(normalize({}, NFD), '[\u0300-\u036f]', '', 'g')").format(text)
    return sql.SQL("translate({}, {}, {})").format(bare, sql.Literal(_CROSSED), sql.Literal(_PLAIN))


def _folded(word: sql.Composable) -> sql.Composable:
    folded: sql.Composable = sql.SQL("normalize({}, NFD)").format(word)
    for letter in _SEVERAL:
        folded = sql.SQL("replace({}, {}, {})").format(folded, *map(sql.Literal, (letter, letter.casefold())))
    single = (sql.Literal(_SINGLE), sql.Literal(_SINGLE.casefold()))
    return sql.SQL("normalize(lower(translate({}, {}, {})), NFC)").format(folded, *single)
