"""The finished travel matrix: the only thing of the roads that the routing floor sees.

Light on purpose (numpy alone): a child process that solves imports this and no geometry.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from geodata.errors import BadGeoData
from geodata.units import DAY_S, UNREACHABLE_S

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TravelMatrix:
    """Typical travel between places, per truck class and departure band.

    Shapes, with C classes, B bands, N places:
    `seconds` int32 (C, B, N, N), `metres` int32 (C, B, N, N), `toll_minor` int32 (C, N, N).
    `band_starts_s` holds B seconds of the local day, the first 0, ascending; the last band ends
    at midnight. Pairs that no road joins hold `UNREACHABLE_S` in seconds and metres.
    Times are typical (median) ones; spread belongs to the policy, never to the matrix.
    """

    place_ids: tuple[str, ...]
    truck_classes: tuple[str, ...]
    band_starts_s: tuple[int, ...]
    seconds: NDArray[np.int32]
    metres: NDArray[np.int32]
    toll_minor: NDArray[np.int32]
    assumptions: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    digest: str = field(init=False, default="")

    def __post_init__(self) -> None:
        n, c, b = len(self.place_ids), len(self.truck_classes), len(self.band_starts_s)
        faults: list[str] = []
        if len(set(self.place_ids)) != n:
            faults.append("place ids repeat")
        if len(set(self.truck_classes)) != c or c == 0:
            faults.append("truck classes are empty or repeat")
        if not self.band_starts_s or self.band_starts_s[0] != 0:
            faults.append("the first departure band must start at second 0")
        if list(self.band_starts_s) != sorted(set(self.band_starts_s)) or any(
            not 0 <= s < DAY_S for s in self.band_starts_s
        ):
            faults.append(f"band starts {self.band_starts_s} must ascend within one day")
        for name, array, shape in (
            ("seconds", self.seconds, (c, b, n, n)),
            ("metres", self.metres, (c, b, n, n)),
            ("toll_minor", self.toll_minor, (c, n, n)),
        ):
            if array.dtype != np.int32:
                faults.append(f"{name} is {array.dtype}, not int32")
            elif array.shape != shape:
                faults.append(f"{name} has shape {array.shape}, not {shape}")
            elif array.size and (array.min() < 0 or array.max() > UNREACHABLE_S):
                faults.append(f"{name} leaves 0..{UNREACHABLE_S}")
        if faults:
            raise BadGeoData("travel matrix: " + "; ".join(faults))
        for array in (self.seconds, self.metres, self.toll_minor):
            array.setflags(write=False)
        object.__setattr__(self, "digest", self._digest())

    def index_of(self, place_id: str) -> int:
        """Find the row of a place.

        Raises:
            KeyError: the matrix does not hold the place.
        """
        try:
            return self.place_ids.index(place_id)
        except ValueError as error:
            raise KeyError(f"place {place_id} is not in the travel matrix") from error

    def class_of(self, truck_class: str) -> int:
        """Find the layer of a truck class.

        Raises:
            KeyError: the matrix does not hold the class.
        """
        try:
            return self.truck_classes.index(truck_class)
        except ValueError as error:
            raise KeyError(f"truck class {truck_class} is not in the travel matrix") from error

    def save(self, path: Path) -> None:
        """Write one .npz, whole or not at all."""
        head = json.dumps(self._head(), ensure_ascii=False)
        part = path.with_name(path.name + f".{os.getpid()}.part")
        with part.open("wb") as file:
            np.savez_compressed(
                file,
                head=np.array(head),
                seconds=self.seconds,
                metres=self.metres,
                toll_minor=self.toll_minor,
            )
        part.replace(path)

    @classmethod
    def load(cls, path: Path) -> TravelMatrix:
        """Read a matrix written by `save`.

        Raises:
            BadGeoData: not such a file, another format, or its digest does not match.
        """
        try:
            with np.load(path, allow_pickle=False) as file:
                head = json.loads(str(file["head"]))
                if head["format"] != FORMAT:
                    raise BadGeoData(f"{path.name}: matrix format {head['format']}, not {FORMAT}")
                matrix = cls(
                    place_ids=tuple(head["place_ids"]),
                    truck_classes=tuple(head["truck_classes"]),
                    band_starts_s=tuple(head["band_starts_s"]),
                    seconds=file["seconds"],
                    metres=file["metres"],
                    toll_minor=file["toll_minor"],
                    assumptions=tuple(head["assumptions"]),
                    sources=tuple(head["sources"]),
                )
        except (OSError, EOFError, ValueError, KeyError, BadZipFile, zlib.error) as error:
            raise BadGeoData(
                f"{path.name} is not a travel matrix: delete it and build again"
            ) from error
        if matrix.digest != head["digest"]:
            raise BadGeoData(f"{path.name} is damaged: delete it and build again")
        return matrix

    def _head(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "place_ids": self.place_ids,
            "truck_classes": self.truck_classes,
            "band_starts_s": self.band_starts_s,
            "assumptions": self.assumptions,
            "sources": self.sources,
            "digest": self.digest,
        }

    def _digest(self) -> str:
        total = hashlib.sha256()
        names = [self.place_ids, self.truck_classes, self.band_starts_s]
        total.update(json.dumps(names, ensure_ascii=False).encode())
        for array in (self.seconds, self.metres, self.toll_minor):
            total.update(np.ascontiguousarray(array, dtype="<i4").tobytes())
        return total.hexdigest()
