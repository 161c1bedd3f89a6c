"""Settings: the only file that reads the environment."""

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from platformdirs import user_cache_path, user_data_path

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingSettings:
    """What the environment may decide about `flatbed serve` and the commands beside it."""

    data_dir: Path
    """Where the embedded database and the key file are."""
    database_url: str
    secret_keys: Mapping[str, bytes] = field(repr=False)
    """Master keys by id, the current one first; empty: the key file in `data_dir`."""
    hold_ttl: timedelta
    offer_ttl: timedelta
    requests_per_minute: int
    """Of one client, in each process."""
    live_holds_max: int
    """Windows that one client may hold at once."""
    last_order: time | None
    """Time of the day before at which a day's sale ends, in China's zone; None: never."""
    freeze: time | None
    """Time of the day before at which promises are frozen; None: never by itself."""
    metrics_token: str = field(repr=False)
    """What /metrics asks for; empty: it answers this machine alone."""
    webhooks_loopback: bool = False
    """Lets webhook endpoints be on this machine, without TLS: for trials alone."""


_COUNTS: Final = {
    "FLATBED_HOLD_MINUTES": (15, 24 * 60),
    "FLATBED_OFFER_MINUTES": (10, 24 * 60),
    "FLATBED_REQUESTS_PER_MINUTE": (12_000, 10_000_000),
    "FLATBED_LIVE_HOLDS_MAX": (20_000, 10_000_000),
}
"""Whole numbers: what they are unless they are set, and the most they may be."""


def read_serving_settings(environ: Mapping[str, str] = os.environ) -> ServingSettings:
    """Read FLATBED_DATA_DIR, FLATBED_DATABASE_URL, FLATBED_SECRET_KEYS, FLATBED_METRICS_TOKEN,
    four numbers, two times, and FLATBED_WEBHOOKS_LOOPBACK, which is `1` or not set.

    FLATBED_SECRET_KEYS is `ID:BASE64,ID:BASE64`, 32 bytes each; the first one signs and seals.

    Raises:
        BadUsage: a value that cannot be meant.
    """
    data = environ.get("FLATBED_DATA_DIR", "")
    data_dir = Path(data).expanduser() if data else user_data_path("flatbed", False)
    counts = {name: _count(environ, name) for name in _COUNTS}
    return ServingSettings(
        data_dir=data_dir,
        database_url=environ.get("FLATBED_DATABASE_URL", "")
        or f"sqlite:///{(data_dir / 'flatbed.db').absolute()}",
        secret_keys=_secret_keys(environ.get("FLATBED_SECRET_KEYS", "")),
        hold_ttl=timedelta(minutes=counts["FLATBED_HOLD_MINUTES"]),
        offer_ttl=timedelta(minutes=counts["FLATBED_OFFER_MINUTES"]),
        requests_per_minute=counts["FLATBED_REQUESTS_PER_MINUTE"],
        live_holds_max=counts["FLATBED_LIVE_HOLDS_MAX"],
        webhooks_loopback=_switch(environ, "FLATBED_WEBHOOKS_LOOPBACK"),
        last_order=_cut_off(environ, "FLATBED_LAST_ORDER", "18:00"),
        freeze=_cut_off(environ, "FLATBED_FREEZE", "20:00"),
        metrics_token=environ.get("FLATBED_METRICS_TOKEN", ""),
    )


def _switch(environ: Mapping[str, str], name: str) -> bool:
    text = environ.get(name, "")
    if text not in ("", "1"):
        raise BadUsage(f"{name} is {text!r}: set it to 1, or unset it")
    return text == "1"


def _cut_off(environ: Mapping[str, str], name: str, usual: str) -> time | None:
    text = environ.get(name, "") or usual
    if text == "never":
        return None
    try:
        hour, minute = text.split(":")
        return time(int(hour), int(minute))
    except ValueError as error:
        raise BadUsage(f"{name} is {text!r}: set a time such as 18:00, or never") from error


def _count(environ: Mapping[str, str], name: str) -> int:
    usual, most = _COUNTS[name]
    text = environ.get(name, "") or str(usual)
    if not (text.isascii() and text.isdecimal() and len(text) <= 9 and 1 <= int(text) <= most):
        raise BadUsage(f"{name} is {text!r}: set a whole number from 1 to {most}, or unset it")
    return int(text)


def _secret_keys(text: str) -> dict[str, bytes]:
    """Read master keys; what is wrong with them is told without them."""
    keys: dict[str, bytes] = {}
    for part in filter(None, text.split(",")):
        key_id, colon, encoded = part.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not colon or len(key) < 32 or key_id in keys:
            raise BadUsage(
                "FLATBED_SECRET_KEYS is ID:BASE64,ID:BASE64 with 32 bytes each, ids once only: "
                "`openssl rand -base64 32` makes one"
            )
        keys[key_id] = key
    return keys
