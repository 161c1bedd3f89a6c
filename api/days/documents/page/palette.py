"""Colours of trucks: far apart in hue and lightness, each dark enough for a white number."""

from typing import Final

TRUCK_COLOURS: Final = (
    "#1F6FB2", "#C2410C", "#15803D", "#7C3AED", "#B91C5C", "#0E7490",
    "#8A5A00", "#4D5BD1", "#3F6212", "#A21CAF", "#0F766E", "#9F1D1D",
    "#5B4B8A", "#2563EB", "#A05A2C", "#047857", "#BE185D", "#475569",
    "#6D28D9", "#B45309", "#166534", "#1E40AF", "#86198F", "#115E59",
)  # fmt: skip


def truck_colour(index: int) -> str:
    """Give the colour of the n-th route; after 24 they begin again."""
    return TRUCK_COLOURS[index % len(TRUCK_COLOURS)]
