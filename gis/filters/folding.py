"""Text without case and without accents, as the database folds it: the same for every way of writing a word."""

from __future__ import annotations

from psycopg import sql

_SEVERAL = "ßẞŉևẚﬀﬁﬂﬃﬄﬅﬆﬓﬔﬕﬖﬗ"
"""What folds into several letters, besides what comes apart by its marks."""
_SINGLE = "µſ\u0345ςϐϑϕϖϰϱϵᲀᲁᲂᲃᲄᲅᲆᲇᲈ"
"""What folds into another letter than its small one."""
# Vietnamese letters come apart into a letter and its marks, but for đ, which is a letter of its own, like those of
# other languages that a stroke crosses.
_CROSSED, _PLAIN = "đĐøØłŁħĦŧŦ", "dDoOlLhHtT"


def without_case(text: sql.Composable) -> sql.Composable:
    """Return the full case folding of a text, composed, so that `_` of LIKE stands for a letter with its marks.

    References
    ----------
    The Unicode Standard, 3.13, canonical caseless matching; OGC 21-065r2, casei-function.
    """
    folded: sql.Composable = sql.SQL("normalize({}, NFD)").format(text)
    for letter in _SEVERAL:
        folded = sql.SQL("replace({}, {}, {})").format(folded, *map(sql.Literal, (letter, letter.casefold())))
    single = (sql.Literal(_SINGLE), sql.Literal(_SINGLE.casefold()))
    return sql.SQL("normalize(lower(translate({}, {}, {})), NFC)").format(folded, *single)


def without_accents(text: sql.Composable) -> sql.Composable:
    """Return a text whose letters have lost their marks and strokes."""
    bare = sql.SQL("regexp_replace(normalize({}, NFD), '[\u0300-\u036f]', '', 'g')").format(text)
    return sql.SQL("translate({}, {}, {})").format(bare, sql.Literal(_CROSSED), sql.Literal(_PLAIN))
