"""How far the balances of the engine are off: what flows in must be found again."""

from __future__ import annotations

from gis.findings import Outcome, Subject, Verdict
from gis.findings.figures import said
from gis.networks.drainage.swmm.results import TRUSTED_PERCENT, Results
from layers.model import Words

_MANUAL = "EPA/600/R-14/413b"
_BALANCES = (
    ("runoff", Words("Cân bằng dòng chảy mặt", "Balance of run-off")),
    ("routing", Words("Cân bằng dòng chảy trong cống", "Balance of routing")),
)


def balance_verdicts(results: Results) -> tuple[Verdict, ...]:
    """Hold the balances of run-off and of routing against what the manual of the engine lets pass.

    A balance that is off by more than 10 % makes all results doubtful.
    """
    return tuple(
        Verdict(
            Outcome.PASS if abs(error) <= TRUSTED_PERCENT else Outcome.FAIL,
            f"{name}_balance",
            _MANUAL,
            title,
            Subject("model", "SWMM"),
            said("≤ {most} %", most=TRUSTED_PERCENT),
            abs(error) / 100,
            "1",
            None,
            is_share=True,
        )
        for (name, title), error in zip(_BALANCES, results.errors_percent, strict=True)
    )
