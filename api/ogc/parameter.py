"""A parameter of the service, as the definition describes it."""

from __future__ import annotations

from dataclasses import dataclass

from layers.model import Words


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: where it stands, what it means, what it may be."""

    name: str
    place: str
    meaning: Words
    schema: dict[str, object]
    example: object = None
    is_required: bool = False

    def described(self, language: str) -> dict[str, object]:
        """Return it as OpenAPI writes it."""
        document: dict[str, object] = {
            "name": self.name,
            "in": self.place,
            "required": self.is_required or self.place == "path",
            "description": self.meaning.vi if language == "vi" else self.meaning.en,
            "schema": self.schema,
        }
        if self.place == "query":
            document |= {"style": "form", "explode": False}
        return document if self.example is None else {**document, "example": self.example}
