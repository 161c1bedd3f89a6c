"""What is counted while it happens; what tables can tell is read when it is asked for."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Meters:
    """Counters of one process. Labels are of the code and never of a caller: they stay few."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "flatbed_http_requests",
            "Requests answered, by route, method and status.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self.request_seconds = Histogram(
            "flatbed_http_request_seconds",
            "Time to the end of the answer, by route and method.",
            ("route", "method"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.offers = Counter(
            "flatbed_offers",
            "Windows that were judged for offers, by whether they had room.",
            ("room",),
            registry=self.registry,
        )
        self.expired = Counter(
            "flatbed_holds_expired", "Holds that this process expired.", registry=self.registry
        )
        self.faults = Gauge(
            "flatbed_book_faults",
            "What the last standing check found wrong; anything but 0 is an emergency.",
            registry=self.registry,
        )
        self.checked = Gauge(
            "flatbed_book_checked_timestamp_seconds",
            "When the last standing check ended, in Unix seconds.",
            registry=self.registry,
        )
