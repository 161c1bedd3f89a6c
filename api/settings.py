"""Settings: the only file that reads the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from platformdirs import user_cache_path

from api.errors import BadUsage


class Language(StrEnum):
    """Language of what people read; codes and file formats never change with it."""

    CHINESE = "zh"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the environment may decide. Everything about a day is in the day's own files."""

    cache_dir: Path
    """Where road cuts, matrices and compiled kernels are kept between runs."""
    language: Language
    colour: bool
    """False where NO_COLOR is set (no-color.org): then no escape codes on any stream."""


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read FLATBED_CACHE_DIR, FLATBED_LANG and NO_COLOR.

    Raises:
        BadUsage: FLATBED_LANG names a language Flatbed does not speak.
    """
    cache = environ.get("FLATBED_CACHE_DIR", "")
    language = environ.get("FLATBED_LANG", "") or Language.CHINESE
    if language not in set(Language):
        raise BadUsage(f"FLATBED_LANG is {language!r}: set it to zh or en, or unset it")
    return Settings(
        cache_dir=Path(cache).expanduser() if cache else user_cache_path("flatbed", False),
        language=Language(language),
        # The convention: present and not empty, whatever the value.
        colour=not environ.get("NO_COLOR"),
    )
