"""The process's own figures, as Prometheus reads them at /metrics.

Nothing personal: no names, no texts, no conversation ids in labels."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()

HANDLED = Counter("gridbot_messages", "Messages handled, by router.", ["router"], registry=REGISTRY)
RECEIVED = Counter("gridbot_received", "Messages accepted durably.", registry=REGISTRY)
SENT = Counter("gridbot_sent", "Posts delivered, by channel.", ["channel"], registry=REGISTRY)
DEAD = Counter("gridbot_dead", "Rows put aside, by queue.", ["queue"], registry=REGISTRY)
JOBS = Counter("gridbot_jobs", "Due jobs done, by kind.", ["kind"], registry=REGISTRY)
WAITING = Gauge("gridbot_waiting", "Rows waiting, by queue.", ["queue"], registry=REGISTRY)
DELAY = Histogram(
    "gridbot_send_delay_seconds",
    "From a post's due time to its delivery.",
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 60, 600),
    registry=REGISTRY,
)
