"""The `Idempotency-Key` header: the same request under the same key is carried out once."""

from typing import Annotated, Final

from fastapi import Depends, Header

from api.errors import Refused
from api.kit.idempotency import KEY_MAX
from api.kit.ids import new_id

_WORDS: Final = (
    "A new random text for each thing you want done; the same one when you repeat the request. "
    f"1 to {KEY_MAX} visible ASCII characters."
)


class KeyRequired(Refused):
    """The request may only be carried out once: send a key to know it by."""

    code = "idempotency-key-required"
    status = 400


class KeyOdd(Refused):
    """An idempotency key has 1 to 255 visible ASCII characters."""

    code = "idempotency-key-invalid"
    status = 400


def _checked(key: str) -> str:
    if not (1 <= len(key) <= KEY_MAX and key.isascii() and key.isprintable() and " " not in key):
        raise KeyOdd(f"an Idempotency-Key has 1 to {KEY_MAX} visible ASCII characters, no blank")
    return key


def _required(
    idempotency_key: Annotated[str | None, Header(description=_WORDS)] = None,
) -> str:
    if idempotency_key is None:
        raise KeyRequired("send a new random text as Idempotency-Key")
    return _checked(idempotency_key)


def _optional(
    idempotency_key: Annotated[
        str | None, Header(description=f"{_WORDS} May be left out: repeating does no harm here.")
    ] = None,
) -> str:
    return new_id("once") if idempotency_key is None else _checked(idempotency_key)


OnceKey = Annotated[str, Depends(_required)]
"""For an endpoint that must know a repeated request: 400 without the header."""

MaybeOnceKey = Annotated[str, Depends(_optional)]
"""For an endpoint whose repetition changes nothing: a fresh key without the header."""
