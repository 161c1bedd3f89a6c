"""The key file of an embedded installation: made at the first start, for its owner alone."""

from __future__ import annotations

import base64
import binascii
import os
from pathlib import Path
from typing import Final

from api.errors import BadUsage
from api.kit.keyring import KEY_BYTES, Keyring, new_master

OWNER_ONLY: Final = 0o600


def keyring_at(path: Path) -> Keyring:
    """Read the key file, or make one with a new key. One `ID BASE64` a line, the current one last.

    Raises:
        BadUsage: others may read the file, or it is not one of ours.
        OSError: it can neither be read nor made.
    """
    if not path.exists():
        _make(path)
    if path.stat().st_mode & 0o077:
        raise BadUsage(f"{path} may be read by others: chmod 600 it, and replace its keys")
    masters: dict[str, bytes] = {}
    for number, line in enumerate(path.read_text(encoding="ascii").splitlines(), start=1):
        key_id, _, encoded = line.partition(" ")
        try:
            masters[key_id] = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError) as error:
            raise BadUsage(f"{path}, line {number}: not `ID BASE64`") from error
    try:
        return Keyring(masters, current=list(masters)[-1])
    except (ValueError, IndexError) as error:
        raise BadUsage(f"{path} has no line `ID BASE64` with {KEY_BYTES} bytes") from error


def _make(path: Path) -> None:
    """Write a new key whole or not at all; of two that start at once, one wins for both."""
    path.parent.mkdir(parents=True, exist_ok=True)
    line = f"k1 {base64.b64encode(new_master()).decode()}\n"
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link fails where the file is there already, and a rename would replace it.
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()
