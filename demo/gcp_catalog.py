"""What Meridian Retail uses on Google Cloud: projects, services and SKUs (prices in USD).

Belongs here: constants of the GCP estate. Does not: quantities (estate.py) and rows (gcp_usage.py).
"""

from demo.estate import ACCOUNT_NAMES, Meter
from demo.rows import digest

CURRENCY = "USD"
ACCOUNT = "01A2B3-C4D5E6-F7A8B9"
PROJECTS = tuple(f"meridian-{name}" for name in ACCOUNT_NAMES)
PROJECT_NUMBERS = tuple(str(714200000000 + 1009 * i) for i in range(len(ACCOUNT_NAMES)))
NEGOTIATED = 0.05  # discount on the list price
DEFAULT_MODEL = ("7754-699E-0EBF", "Default")
SELLER = "Cobalt Data Ltd"

COMPUTE, INVOICE, COBALT = "6F81-5844-456A", "B1LL-1NV0-1CE0", "C0BA-17DA-7A01"
SERVICES = {
    COMPUTE: "Compute Engine",
    "24E6-581D-38E5": "BigQuery",
    "95FF-2EF5-5EA1": "Cloud Storage",
    "9662-B51E-5089": "Cloud SQL",
    "CCD8-9BF1-090E": "Kubernetes Engine",
    "152E-C115-5142": "Cloud Run",
    "A1E8-BE35-7EBC": "Cloud Pub/Sub",
    "5490-F7B7-8DF6": "Cloud Logging",
    "E505-1604-58F8": "Networking",
    "C7E2-9256-1C43": "Vertex AI",
    "EE82-7A5E-871C": "Secret Manager",
    COBALT: "Cobalt Sync",
    INVOICE: "Invoice",
}
# pricing unit -> (base unit, base units in one pricing unit)
UNITS = {
    "hour": ("seconds", 3600),
    "gibibyte hour": ("byte-seconds", 2**30 * 3600),
    "gibibyte month": ("byte-seconds", 2**30 * 2_628_000),
    "gibibyte": ("bytes", 2**30),
    "tebibyte": ("bytes", 2**40),
    "second": ("seconds", 1),
    "count": ("requests", 1),
    "month": ("seconds", 2_628_000),
}
REGIONS = (("us-central1", "US"), ("us-east1", "US"), ("europe-west1", "BE"))

PROD = ("prod-web", "prod-api", "prod-payments")
DATA = ("data-lake", "analytics", "ml-platform")
MOST = (*PROD, "staging", "dev", "shared-services")


def sku_id(service: str, description: str) -> str:
    text = digest("gcp sku", service, description, size=6).upper()
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"


def _sku(service, description, unit, price, level, count, accounts, kind="", **more) -> Meter:
    """`windows=2` bills a Pacific day in two windows (0-18 h, 18-24 h): some start on the next UTC day."""
    return Meter(
        service, description, unit, price, level, count, accounts,
        steady_hours=more.pop("steady", False), more={"kind": kind, **more},
    )  # fmt: skip


VM = "compute.googleapis.com/{}/zones/{}/instances"
METERS = (
    _sku(COMPUTE, "E2 Instance Core running in Americas", "hour", 0.02181159, 192, 10,
        (*PROD, "shared-services"), VM, steady=True, windows=2, commitment="cud", spec="e2-standard-8"),
    _sku(COMPUTE, "E2 Instance Ram running in Americas", "gibibyte hour", 0.00292353, 768, 10,
        (*PROD, "shared-services"), VM, steady=True, windows=2, commitment="cud", spec="e2-standard-8"),
    _sku(COMPUTE, "N1 Predefined Instance Core running in Americas", "hour", 0.031611, 96, 8,
        ("staging", "dev", "analytics"), VM, steady=True, windows=2, sustained=0.12, spec="n1-standard-4"),
    _sku(COMPUTE, "Spot Preemptible E2 Instance Core running in Americas", "hour", 0.00654, 192, 5,
        ("ml-platform", "data-lake"), VM, steady=True, windows=2, spot=True, spec="e2-standard-8"),
    _sku(COMPUTE, "Storage PD Capacity", "gibibyte month", 0.04, 34, 10, MOST,
        "compute.googleapis.com/{}/zones/{}/disks"),
    _sku("24E6-581D-38E5", "Analysis (us-central1)", "tebibyte", 6.25, 9, 5, ("data-lake", "analytics"),
        promotion=0.20),
    _sku("24E6-581D-38E5", "Active Logical Storage (us-central1)", "gibibyte month", 0.02, 700, 4, DATA),
    _sku("95FF-2EF5-5EA1", "Standard Storage US Multi-region", "gibibyte month", 0.026, 520, 8,
        (*DATA, *PROD), "storage.googleapis.com/{}/{}/buckets"),
    _sku("9662-B51E-5089", "Cloud SQL for PostgreSQL: Zonal - vCPU in Americas", "hour", 0.0413, 96, 6,
        PROD, "cloudsql.googleapis.com/{}/{}/instances", steady=True),
    _sku("CCD8-9BF1-090E", "Regional Kubernetes Clusters", "hour", 0.10, 24, 3, ("prod-web", "staging"),
        "container.googleapis.com/{}/{}/clusters", steady=True),
    _sku("152E-C115-5142", "Services CPU (Request-based billing) in us-central1", "second", 0.000024,
        1_100_000, 5, ("prod-api", "prod-web"), free=0.6),
    _sku("A1E8-BE35-7EBC", "Message Delivery Basic", "tebibyte", 40.0, 0.35, 4, PROD, free=0.2),
    _sku("5490-F7B7-8DF6", "Log Storage cost", "gibibyte", 0.50, 40, 5,
        ("sandbox", "shared-services", "prod-web"), free=0.4),
    _sku("E505-1604-58F8", "Network Internet Data Transfer Out from Americas to Americas", "gibibyte",
        0.085, 260, 5, PROD),
    _sku("C7E2-9256-1C43", "Online Prediction N1 Predefined Instance Core", "hour", 0.0363, 420, 2,
        ("ml-platform",)),
    _sku("EE82-7A5E-871C", "Secret access operations", "count", 0.000003, 400_000, 3,
        ("shared-services", "prod-api", "dev")),
    _sku(COBALT, "Cobalt Sync rows replicated", "count", 0.0000021, 9_000_000, 2, ("data-lake",),
        seller=True),
)  # fmt: skip
