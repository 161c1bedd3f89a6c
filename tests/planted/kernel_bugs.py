"""Bugs to plant in the kernel's sources: what stands there, and what a slip would make of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """In `file`, `right` becomes `wrong`, the first time it occurs."""

    name: str
    file: str
    right: str
    wrong: str


SLIPS = (
    Slip(
        name="waiting for the window is forgotten",
        file="state",
        right="t = max(t + step, early)",
        wrong="t = t + step",
    ),
    Slip(
        name="the latest begin ignores the window",
        file="state",
        right="due = min(due - step, late)",
        wrong="due = due - step",
    ),
    Slip(
        name="the load is not added up",
        file="state",
        right="load += sites[c, DEMAND]",
        wrong="load = np.int64(sites[c, DEMAND])",
    ),
    Slip(
        name="the leg home is not paid",
        file="state",
        right="trucks[k, DIST] = cum + trucks[k, BACK]",
        wrong="trucks[k, DIST] = cum",
    ),
    Slip(
        name="waiting does not lengthen a front",
        file="state",
        right="            dur += wait\n            stops[c, DUR_IN]",
        wrong="            stops[c, DUR_IN]",
    ),
    Slip(
        name="a back forgets its driving",
        file="state",
        right="dur += step + wait\n            start = max(start - step",
        wrong="dur += wait\n            start = max(start - step",
    ),
    Slip(
        name="only the changed positions are updated",
        file="state",
        right="    for i in range(first, n):",
        wrong="    for i in range(first, min(n, last + 1)):",
    ),
    Slip(
        name="an empty truck is not given back",
        file="state",
        right="kinds[kind, FREE] = min(kinds[kind, FREE], k)",
        wrong="kinds[kind, FREE] = max(kinds[kind, FREE], k)",
    ),
    Slip(
        name="insertion looks at room without the newcomer",
        file="insertion",
        right="trucks[k, ON_BOARD] + sites[c, DEMAND] > trucks[k, ROOM]",
        wrong="trucks[k, ON_BOARD] > trucks[k, ROOM]",
    ),
    Slip(
        name="insertion may make the next stop late",
        file="insertion",
        right="if max(at, early) + onward > due:",
        wrong="if at > due:",
    ),
    Slip(
        name="insertion forgets the limit of duration",
        file="insertion",
        right="if dur > trucks[k, MAX_DUR]:",
        wrong="if dur < 0:",
    ),
    Slip(
        name="any truck may come for anybody",
        file="insertion",
        right="    if not allowed[row, trucks[k, KIND]]:\n        return False\n",
        wrong="",
    ),
    Slip(
        name="tails are joined over room",
        file="exchange",
        right="if load_p + trucks[j, ON_BOARD] - load > trucks[k, ROOM]:",
        wrong="if load_p > trucks[k, ROOM]:",
    ),
    Slip(
        name="a joined back may be late",
        file="exchange",
        right="    if begins + step > due:\n        return -1\n",
        wrong="",
    ),
    Slip(
        name="tails go to trucks that must not come",
        file="exchange",
        right="if kind != other and not (",
        wrong="if kind != other and False and not (",
    ),
    Slip(
        name="the saving of an emptied truck is counted twice",
        file="exchange",
        right="            more -= prices[other, OPENING]\n",
        wrong="            more -= 2 * prices[other, OPENING]\n",
    ),
    Slip(
        name="another kind of truck may be too small",
        file="exchange",
        right="    if trucks[other, ROOM] < trucks[k, ON_BOARD]:\n        return False\n",
        wrong="",
    ),
    Slip(
        name="a route refused is not put back",
        file="undo",
        right="        refresh(arcs, sites, rows, trucks, stops, k, 0, n - 1)\n",
        wrong="",
    ),
    Slip(
        name="the cost of a route refused is not put back",
        file="undo",
        right="        r.cost[k] = u.cost[s]\n",
        wrong="",
    ),
    Slip(
        name="who stays out costs nothing",
        file="anneal",
        right="            left_out += worth[c - depots, PENALTY]\n            continue",
        wrong="            continue",
    ),
    Slip(
        name="the best is copied after the next step",
        file="anneal",
        right="    for k in range(len(trucks)):\n        length[k] = trucks[k, LENGTH]\n",
        wrong="    for k in range(1, len(trucks)):\n        length[k] = trucks[k, LENGTH]\n",
    ),
    Slip(
        name="a string takes more than it notes",
        file="ruin",
        right="            out[count] = q\n            count += 1\n            stops",
        wrong="            out[count] = q\n            count += int(count < 3)\n            stops",
    ),
)
