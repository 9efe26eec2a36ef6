"""What the surroundings decide: environment variables with the prefix ``QUYHOACH_``."""

import re
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from gis.errors import QuyhoachError

REPOSITORY = Path(__file__).resolve().parent.parent
LOCAL_DIR = REPOSITORY / ".local"
"""Where set-up puts what this machine makes for itself, and where it is looked for without QUYHOACH_LOCAL_DIR."""
_SHORTEST_TOKEN, _LONGEST_TOKEN = 16, 500
_TOKEN = re.compile(rf"(?=.{{{_SHORTEST_TOKEN},{_LONGEST_TOKEN}}}\Z)[A-Za-z0-9._~+/-]+=*")
"""What can stand behind `Authorization: Bearer` (RFC 6750, 2.1)."""


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
    log_requests, log_share, log_file
        Which requests are logged, which share of those that went well, and where to; standard error where not given.
    trusted_proxies
        Addresses of proxies whose `X-Forwarded-Proto` and `X-Forwarded-For` are believed, separated by commas.
    grace_s
        Seconds in which a service that stops may finish what it is answering.
    most_body_mb
        Longest request body, in MiB.
    shared_dir
        Where the workers of one service lay their counts and tiles together; `quyhoach up` makes one for its workers.
    most_jobs, job_days
        On how many jobs the service works at once, in processes of their own; for how many days their answers are kept.
    write_token
        Secret by which scenarios are written over HTTP; where there is none, nothing is. It is never shown.
    has_keeper
        Whether the service keeps overviews in step in a process of its own; `quyhoach up` does, and says so.
    """

    model_config = SettingsConfigDict(env_prefix="QUYHOACH_", frozen=True, hide_input_in_errors=True)

    database_url: str | None = Field(default=None, repr=False)
    local_dir: Path = LOCAL_DIR
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65_535)
    sample_parcels: int = Field(default=25_000, ge=2_000, le=3_000_000)
    sample_seed: int = Field(default=1, ge=0)
    log_requests: Literal["none", "failures", "all"] = "failures"
    log_share: float = Field(default=1.0, ge=0, le=1)
    log_file: Path | None = None
    trusted_proxies: str = ""
    grace_s: int = Field(default=5, ge=1, le=600)
    most_body_mb: int = Field(default=4, ge=1, le=256)
    shared_dir: Path | None = None
    most_jobs: int = Field(default=2, ge=0, le=64)
    job_days: int = Field(default=7, ge=1, le=3_650)
    write_token: SecretStr | None = Field(default=None, repr=False)
    has_keeper: bool = False

    @field_validator("database_url")
    @classmethod
    def _empty_means_unset(cls, url: str | None) -> str | None:
        return url or None

    @field_validator("write_token")
    @classmethod
    def _hard_to_guess(cls, token: SecretStr | None) -> SecretStr | None:
        if token is None or not token.get_secret_value():
            return None
        if not _TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError(
                f"it is a secret of {_SHORTEST_TOKEN} to {_LONGEST_TOKEN} letters, digits and -._~+/ with = at its "
                "end, as `openssl rand -base64 32` makes one"
            )
        return token

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
