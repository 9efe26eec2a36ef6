"""What the surroundings decide: environment variables with the prefix ``QUYHOACH_``."""

from functools import cache
from pathlib import Path

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from gis.errors import QuyhoachError

REPOSITORY = Path(__file__).resolve().parent.parent


class SettingRefusedError(QuyhoachError):
    """An environment variable holds a value that cannot be used."""

    def __init__(self, refused: ValidationError) -> None:
        reasons = (f"QUYHOACH_{str(error['loc'][0]).upper()}: {error['msg']}" for error in refused.errors())
        super().__init__("; ".join(reasons) + ".")


class Settings(BaseSettings):
    """The settings of one process.

    Parameters
    ----------
    database_url
        libpq address of a PostGIS that replaces the private one; it may hold a password and is never shown.
    local_dir
        Directory of everything this machine makes for itself: the private PostGIS, caches, logs.
    host, port
        Where the service listens.
    sample_parcels, sample_seed
        Size of the generated city, in parcels, and the seed it grows from.
    """

    model_config = SettingsConfigDict(env_prefix="QUYHOACH_", frozen=True, hide_input_in_errors=True)

    database_url: str | None = Field(default=None, repr=False)
    local_dir: Path = REPOSITORY / ".local"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65_535)
    sample_parcels: int = Field(default=25_000, ge=2_000, le=3_000_000)
    sample_seed: int = Field(default=1, ge=0)

    @field_validator("database_url")
    @classmethod
    def _empty_means_unset(cls, url: str | None) -> str | None:
        return url or None

    @field_validator("local_dir")
    @classmethod
    def _absolute(cls, directory: Path) -> Path:
        return directory.expanduser().resolve()


@cache
def settings() -> Settings:
    """Read the environment once; later changes to it are not seen.

    Raises
    ------
    SettingRefusedError
        When a variable holds a value that cannot be used.
    """
    try:
        return Settings()
    except ValidationError as refused:
        raise SettingRefusedError(refused) from refused
