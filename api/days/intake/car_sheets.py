"""Models, editions and decks: the day's own sheets over what is built in."""

from api.days.intake.catalogue import shipped_catalogue
from api.days.intake.desk import Desk
from api.days.intake.names import Named
from api.days.intake.tables import Table
from routing.domain.fleet import MAX_POSITIONS, DeckPosition, DeckTemplate
from routing.domain.vehicles import Edition, Model

WORK_SPREAD = 1.5
"""p90 over p50 of refit work where only one figure is given."""


def read_models(table: Table | None, *, desk: Desk) -> Named[Model]:
    """Read car models; one of the same id or name replaces a built-in one."""
    models: Named[Model] = Named("model")
    for model in shipped_catalogue().models.values():
        models.add(model.id, model, names=(model.name,))
    for row, id in desk.rows(table, id_from=("id", "name")):
        name = row.text("name") or id
        sizes = {key: row.amount(key, default=1) for key in ("length", "width", "height", "mass")}
        for key in sizes:
            if not row.has(key) and table is not None:
                row.missing(table.plan.column(key))
        wheel_lift_ok = row.yes("wheel_lift_ok", default=False)
        if row.faulty:
            models.spoil(id, name)
            continue
        model = Model(
            id=id,
            name=name,
            length_mm=sizes["length"],
            width_mm=sizes["width"],
            height_mm=sizes["height"],
            mass_kg=sizes["mass"],
            wheel_lift_ok=wheel_lift_ok,
        )
        models.replace(id, model, names=(name,))
    return models


def read_editions(table: Table | None, *, desk: Desk) -> Named[Edition]:
    """Read editions; one of the same id or name replaces a built-in one."""
    editions: Named[Edition] = Named("edition")
    for edition in shipped_catalogue().editions.values():
        editions.add(edition.id, edition, names=(edition.name,))
    for row, id in desk.rows(table, id_from=("id", "name")):
        name = row.text("name") or id
        if not row.has("work_p50") and table is not None:
            row.missing(table.plan.column("work_p50"))
        p50_s = row.amount("work_p50", default=0)
        p90_s = row.amount("work_p90", default=round(p50_s * WORK_SPREAD))
        if p90_s < p50_s:
            row.fault("quantiles.order", "work_p90")
        if row.faulty:
            editions.spoil(id, name)
            continue
        edition = Edition(
            id=id, name=name, work_p50_min=-(-p50_s // 60), work_p90_min=-(-p90_s // 60)
        )
        editions.replace(id, edition, names=(name,))
    return editions


def read_decks(table: Table | None, *, desk: Desk) -> Named[DeckTemplate]:
    """Read deck templates, one row per position, beside the built-in ones.

    A deck with one faulty row is not kept at all: with a position less it would be another deck.
    """
    decks: Named[DeckTemplate] = Named("deck")
    for id, deck in shipped_catalogue().decks.items():
        decks.add(id, deck)
    parts: dict[str, list[DeckPosition]] = {}
    payloads: dict[str, int] = {}
    spoiled: set[str] = set()
    checks = []
    for record in table.records if table else ():
        row = desk.reader(record)
        deck_id, id = row.text("deck"), row.text("position")
        desk.row_ids[record.where] = f"{deck_id} {id}".strip()
        for column in table.plan.required if table else ():
            if not row.has(column.key):
                row.missing(column)
        position = DeckPosition(
            id=id,
            length_mm=row.amount("length", default=1) or 1,
            height_mm=row.amount("height", default=1) or 1,
            mass_kg=row.amount("mass", default=1) or 1,
            wheel_lift=row.yes("wheel_lift", default=False),
            blocked_by=row.names("blocked_by"),
        )
        if row.has("payload"):
            payload = row.amount("payload", default=1)
            if payloads.setdefault(deck_id, payload) != payload:
                row.fault("deck.payload", "payload", name=deck_id)
        listed = parts.setdefault(deck_id, [])
        if id and id in {known.id for known in listed}:
            row.fault("deck.position_twice", "position", name=id)
        listed.append(position)
        if len(listed) == MAX_POSITIONS + 1:
            row.fault(
                "deck.too_long", "position", name=deck_id, count=len(listed), most=MAX_POSITIONS
            )
        checks.append((row, deck_id, position))
    for row, deck_id, position in checks:
        ids = {known.id for known in parts[deck_id]}
        for name in position.blocked_by:
            if name not in ids or name == position.id:
                row.fault("deck.blocked_by", "blocked_by", name=name)
        if row.faulty:
            spoiled.add(deck_id)
    for deck_id, positions in parts.items():
        if deck_id in spoiled or not deck_id:
            decks.spoil(deck_id)
            continue
        payload = payloads.get(deck_id, sum(position.mass_kg for position in positions))
        deck = DeckTemplate(id=deck_id, positions=tuple(positions), payload_kg=payload)
        decks.replace(deck_id, deck)
    return decks
