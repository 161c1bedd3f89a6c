"""PostgreSQL stopped at once (`-m immediate`, no shutdown checkpoint) while three sellers sell."""

from __future__ import annotations

import os
import subprocess
import threading
from collections import Counter
from pathlib import Path
from random import Random

from sqlalchemy.exc import DBAPIError

from tests.api.slots.books import Shop, shop_at
from tests.databases import empty_tables, new_database, postgres_server
from tests.prove.kills import PLACES, WORLD, judged
from tests.prove.victim import SELLERS, read_lines, sell, shop_of


def stopped_servers(folder: Path, *, stops: int, seed: int = 1) -> Counter[str]:
    """Stop the server that many times; raises at the first thing that was lost."""
    database = new_database("postgresql", folder)
    counts: Counter[str] = Counter()
    luck = Random(seed)
    for number in range(stops):
        empty_tables(database)
        shop = shop_at(database, WORLD)
        shop.supply("red", 2 * PLACES)
        out, into = os.pipe()
        threads = [
            threading.Thread(target=_sell_until_it_breaks, args=(shop_of(database, WORLD), into, n))
            for n in range(SELLERS * number, SELLERS * (number + 1))
        ]
        for each in threads:
            each.start()
        text = b"".join(os.read(out, 4_096) for _ in range(luck.randint(2, 60)))
        _stop_at_once()
        postgres_server().ensure_postgres_running()
        for each in threads:
            each.join()
        os.close(into)
        while told := os.read(out, 65_536):
            text += told
        os.close(out)
        counts += judged(database, read_lines(text.decode()))
        counts["stops"] += 1
    database.close()
    return counts


def _sell_until_it_breaks(shop: Shop, pipe: int, number: int) -> None:
    try:
        sell(shop, pipe, Random(number), number)
    except DBAPIError:
        return  # the server is gone, which is what this is about


def _stop_at_once() -> None:
    server = postgres_server()
    subprocess.run(
        [
            server.bin_path / "pg_ctl",
            "-D",
            server.pgdata,
            *("-w", "-m", "immediate", "stop"),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user=server.system_user,
        cwd=server.pgdata,
    )
