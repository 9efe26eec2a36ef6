"""What single rooms of the service refuse; `api/errors.py` says with which status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from gis.errors import QuyhoachError


class UnknownParameterError(QuyhoachError):
    """A query parameter that this address does not take."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        near = get_close_matches(name, known, n=1, cutoff=0.5)
        takes = f"it takes {', '.join(known)}" if known else "it takes none"
        hint = f"; did you mean {near[0]}?" if near else f"; {takes}."
        super().__init__(f"This address takes no parameter {name[:60]!r}{hint}")


class RepeatedParameterError(QuyhoachError):
    """A query parameter that stands twice."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The parameter {name} stands more than once; give it once.")


class EmptyParameterError(QuyhoachError):
    """A query parameter without a value."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The parameter {name} is empty; give it a value, or leave it out.")


class EncodingError(QuyhoachError):
    """A query whose bytes are no text."""

    def __init__(self) -> None:
        super().__init__("The address holds bytes that are no UTF-8; a letter is written in UTF-8, as %C3%A0 for à.")


class NotReadyError(QuyhoachError):
    """A service that cannot answer as it should."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))


class NoTileError(QuyhoachError):
    """An address that is almost that of a tile."""

    def __init__(self) -> None:
        super().__init__(
            "A tile is at /tiles/{layers}/{z}/{x}/{y}.mvt, /tiles/{grid}/{z}/{row}/{column} or "
            "/collections/{layer}/tiles/{grid}/{z}/{row}/{column}, in whole numbers."
        )


class NoScenarioError(QuyhoachError):
    """An address of a scenario that is not open; the sentence is that of the refused name."""


class TooLongError(QuyhoachError):
    """A question that takes longer than a client should be kept waiting."""

    def __init__(self, question: str) -> None:
        super().__init__(
            f"{question} takes too long to be waited for; ask about a smaller place, "
            "or hand it in as a job with the header Prefer: respond-async."
        )


class RefusedJobError(QuyhoachError):
    """A job whose question refused to be answered; the sentence is that of its refusal."""


class FailedJobError(QuyhoachError):
    """A job that failed, or was lost, through no fault of who handed it in."""


class WritingOffError(QuyhoachError):
    """A write where nothing is written over HTTP."""

    def __init__(self) -> None:
        super().__init__(
            "Scenarios are not written over HTTP here. Who runs the service turns that on by starting it with a secret "
            "in QUYHOACH_WRITE_TOKEN; on the machine itself `quyhoach scenario` always can."
        )


class NoTokenError(QuyhoachError):
    """A write without the token, or with another one."""

    def __init__(self, *, is_given: bool) -> None:
        what = (
            "The token of this request is not the one that scenarios are written with"
            if is_given
            else ("Scenarios are written with a token, and this request has none")
        )
        super().__init__(f"{what}; send the header Authorization: Bearer, a space, and the token.")


class BodyError(QuyhoachError):
    """A body that is not the object that an address takes."""


class MediaError(QuyhoachError):
    """A body of a kind that an address does not take."""

    def __init__(self, given: str, taken: Sequence[str]) -> None:
        super().__init__(f"Content-Type: {given[:120]} is not taken here; there is {', '.join(taken)}.")


class PreconditionError(QuyhoachError):
    """An edit on a condition that is never met."""

    def __init__(self) -> None:
        super().__init__(
            "If-Match names a state of the feature, and the ETags of features are weak ones, which never match. Leave "
            "it out: what others changed meanwhile is told when the scenario is merged."
        )


class TooManyScenariosError(QuyhoachError):
    """One scenario more than may be open at a time."""

    def __init__(self, most: int) -> None:
        super().__init__(f"{most:,} scenarios are open, as many as there may be; drop one that nobody needs.")


class TooManyRowsError(QuyhoachError):
    """A file of changes with more rows than are loaded while a client waits."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"The file has more than {most:,} rows, as many as are loaded over HTTP; send it in parts, or load it on "
            "the machine with `quyhoach load --scenario`."
        )


class DetailedError(QuyhoachError):
    """A refusal that says more than its sentence.

    Parameters
    ----------
    members : what stands beside the sentence, as RFC 9457 lets a problem be extended.
    """

    def __init__(self, sentence: str, **members: object) -> None:
        super().__init__(sentence)
        self.members: Mapping[str, object] = members


class MergeRefusedError(DetailedError):
    """A merge that was refused for its conflicts, with each of them."""


class NothingFitError(DetailedError):
    """A file of which not one row could be stored, with the rows and their reasons."""
