"""How much water people and industry need by the norm, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from gis.findings import NOT_APPLICABLE, Heading, Table
from gis.findings.figures import said
from gis.standards import Edition, terms
from gis.standards.rule import Fact, Norm
from layers.model import Words

_OTHERS = ("public_services", "irrigation_and_streets", "small_industry")
_LITRES_OF_M3 = 1_000
READING = Words(
    "Nước cho bản thân nhà máy được tính trên tổng nhu cầu đã gồm thất thoát, và không chảy trong mạng; quy chuẩn "
    "không nói rõ điều này. Nước khu công nghiệp được cộng sau cùng",
    "Water for the plant itself is taken on the need with its losses, and does not flow in the network; the standard "
    "does not say which is meant. Water of industrial parks is added last",
)
"""How the steps were read where the standard leaves it open."""


@dataclass(frozen=True)
class Norms:
    """What an edition asks: litres a head and day, shares of other needs, of losses, of the plant, water of industry.

    Raises
    ------
    UnknownRuleError
        When the edition does not say one of them.
    """

    edition: Edition

    def _norm(self, name: str, **facts: Fact) -> Norm:
        return self.edition.rule(name).norm(facts)

    @cached_property
    def domestic(self) -> Norm:
        """Litres for each person and day, at least."""
        return self._norm("domestic_water")

    @cached_property
    def others(self) -> Mapping[str, Norm]:
        """Shares of domestic water for other needs."""
        return {need: self._norm("other_water_share", water_need=need) for need in _OTHERS}

    @cached_property
    def loss(self) -> Norm:
        """Losses, as a share, at most."""
        return self._norm("water_loss_share")

    @cached_property
    def own(self) -> Norm:
        """Water for the plant itself, as a share, at least."""
        return self._norm("water_own_use_share")

    @cached_property
    def industry(self) -> tuple[Norm, Norm]:
        """Water of industrial parks, m³ for each hectare and day, and the share of their land it is reckoned on."""
        return self._norm("industrial_park_water"), self._norm("industrial_park_water_area_share")

    @property
    def litres(self) -> float:
        """Litres for each person and day."""
        return self.domestic.least


@dataclass(frozen=True)
class Need:
    """The water that people and industry need in a day.

    Parameters
    ----------
    people, industry_ha : for whom; hectares of industrial parks.
    litres : for each person and day.
    norms : what the rest is reckoned by.
    """

    people: float
    industry_ha: float
    litres: float
    norms: Norms

    @property
    def domestic_m3_day(self) -> float:
        """Water of households."""
        return self.people * self.litres / _LITRES_OF_M3

    @property
    def with_others_m3_day(self) -> float:
        """And of public services, irrigation and streets, small industry."""
        return self.domestic_m3_day * (1 + sum(each.least for each in self.norms.others.values()))

    @property
    def with_losses_m3_day(self) -> float:
        """And what is lost on the way."""
        return self.with_others_m3_day * (1 + self.norms.loss.most)

    @property
    def industry_m3_day(self) -> float:
        """Water of industrial parks."""
        if not self.industry_ha:
            return 0.0
        per_ha, share = self.norms.industry
        return self.industry_ha * share.least * per_ha.least

    @property
    def network_m3_day(self) -> float:
        """What flows in the network."""
        return self.with_losses_m3_day + self.industry_m3_day

    @property
    def total_m3_day(self) -> float:
        """What the plants have to draw: with the water for themselves."""
        return self.with_losses_m3_day * (1 + self.norms.own.least) + self.industry_m3_day

    @property
    def arithmetic(self) -> Words:
        """The whole of it in one line."""
        others = " + ".join(f"{each.least:g}" for each in self.norms.others.values())
        per_ha, share = (each.least for each in self.norms.industry) if self.industry_ha else (0.0, 0.0)
        parks = " + {ha} ha × {share} × {per_ha} m³/ha" if self.industry_ha else ""
        return said(
            "{people} người × {litres} l = {domestic} m³; × (1 + "
            + others
            + ") = {others}; × (1 + {loss}) = {losses}; "
            "× (1 + {own})" + parks + " = {total} m³/ngày",
            "{people} people × {litres} l = {domestic} m³; × (1 + "
            + others
            + ") = {others}; × (1 + {loss}) = {losses}; "
            "× (1 + {own})" + parks + " = {total} m³/day",
            people=self.people,
            litres=self.litres,
            domestic=self.domestic_m3_day,
            others=self.with_others_m3_day,
            loss=self.norms.loss.most,
            losses=self.with_losses_m3_day,
            own=self.norms.own.least,
            ha=self.industry_ha,
            share=share,
            per_ha=per_ha,
            total=self.total_m3_day,
        )

    @property
    def table(self) -> Table:
        """Return the steps, each with its clause."""
        norms = self.norms
        rows: list[tuple[Words, float, float, Norm]] = [
            (_DOMESTIC, self.litres, self.domestic_m3_day, norms.domestic),
            *(
                (terms()["water_need"].codes[name], norm.least, self.domestic_m3_day * norm.least, norm)
                for name, norm in norms.others.items()
            ),
            (norms.loss.rule.title, norms.loss.most, self.with_losses_m3_day - self.with_others_m3_day, norms.loss),
            (norms.own.rule.title, norms.own.least, self.with_losses_m3_day * norms.own.least, norms.own),
        ]
        if self.industry_ha:
            rows.append((_PARKS, norms.industry[0].least, self.industry_m3_day, norms.industry[0]))
        total = (_TOTAL, NOT_APPLICABLE, self.total_m3_day, NOT_APPLICABLE, NOT_APPLICABLE)
        return Table("need", _TITLE, _HEADINGS, (*map(_row, rows), total), sums=1)


_TITLE = Words("Nhu cầu nước theo quy chuẩn", "Need of water by the norm")
_DOMESTIC = Words("Nước sinh hoạt", "Domestic water")
_PARKS = Words("Nước khu công nghiệp", "Water of industrial parks")
_TOTAL = Words("Tổng cộng", "Total")
_HEADINGS = (
    Heading("step", Words("Khoản", "Step")),
    Heading("factor", Words("Định mức, hệ số", "Norm or factor"), "1"),
    Heading("water_m3_day", Words("Lượng nước", "Water"), "m³/day"),
    Heading("reference", Words("Điều khoản", "Clause")),
    Heading("certainty", Words("Độ tin cậy", "Certainty")),
)


def _row(step: tuple[Words, float, float, Norm]) -> tuple[Words, float, float, str, Words]:
    title, factor, water_m3_day, norm = step
    return title, factor, water_m3_day, norm.rule.reference, norm.certainty.words


def need(norms: Norms, *, people: float, industry_ha: float = 0.0, litres: float = 0.0) -> Need:
    """Return the water that is needed in a day.

    Parameters
    ----------
    people, industry_ha : for whom; hectares of industrial parks.
    litres : for each person and day; what the standard asks at least where it is 0.
    """
    return Need(people, industry_ha, litres or norms.litres, norms)
