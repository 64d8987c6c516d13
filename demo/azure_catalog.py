"""What Meridian Retail uses on Azure: subscriptions, services and meters (prices in EUR, per block).

Belongs here: constants of the Azure estate. Does not: quantities (estate.py) and rows (azure_usage.py).
"""

from demo.estate import ACCOUNT_NAMES, Meter
from demo.rows import guid

CURRENCY = "EUR"
ENROLLMENT, COMPANY = "84512007", "Meridian Retail"
SUBSCRIPTIONS = tuple(guid("subscription", name) for name in ACCOUNT_NAMES)
DEPARTMENTS = tuple(name.split("-")[0] for name in ACCOUNT_NAMES)
UNASSIGNED = "Unassigned"  # the meter category of marketplace rows
EA_DISCOUNT = 0.08  # of the pay-as-you-go price
# As the resource provider writes it, and normalised.
LOCATIONS = (
    ("westeurope", "westeurope"),
    ("EU West", "westeurope"),
    ("NorthEurope", "northeurope"),
    ("eastus", "eastus"),
)
METER_REGIONS = {"westeurope": "EU West", "northeurope": "EU North", "eastus": "US East"}

PROD = ("prod-web", "prod-api", "prod-payments")
DATA = ("data-lake", "analytics", "ml-platform")
MOST = (*PROD, "staging", "dev", "shared-services")


def _meter(
    category, name, unit, price, level, count, accounts, provider, kind, subcategory="", family="", **more
) -> Meter:
    """`level` counts blocks of `unit` per resource and day."""
    steady = more.pop("steady", unit == "1 Hour")
    more |= {"provider": provider, "kind": kind, "subcategory": subcategory, "family": family or category}
    return Meter(category, name, unit, price, level, count, accounts, steady, more)


VM = ("Microsoft.Compute", "virtualMachines")
METERS = (
    _meter("Virtual Machines", "D4s v5", "1 Hour", 0.212, 24, 12, MOST, *VM, "Dsv5 Series", "Compute",
        commitment="reservation", size="Standard_D4s_v5", vcpus=4),
    _meter("Virtual Machines", "E8s v5", "1 Hour", 0.548, 24, 6, DATA, *VM, "Esv5 Series", "Compute",
        commitment="upfront", size="Standard_E8s_v5", vcpus=8),
    _meter("Virtual Machines", "F8s v2", "1 Hour", 0.386, 24, 10, (*PROD, "dev", "staging"), *VM,
        "FSv2 Series", "Compute", commitment="plan", size="Standard_F8s_v2", vcpus=8),
    _meter("Virtual Machines", "D2s v5 Spot", "1 Hour", 0.023, 24, 6, ("sandbox", "dev", "ml-platform"),
        *VM, "Dsv5 Series", "Compute", spot=True, size="Standard_D2s_v5", vcpus=2),
    _meter("Storage", "P20 LRS Disk", "1/Month", 67.3, 0.0333, 10, MOST, "microsoft.compute", "disks",
        "Premium SSD Managed Disks"),
    _meter("Storage", "Hot LRS Data Stored", "100 GB/Month", 1.78, 0.9, 10, (*DATA, *PROD),
        "Microsoft.Storage", "storageAccounts", "Tiered Block Blob"),
    _meter("Storage", "Hot LRS Write Operations", "10K", 0.05, 160, 8, (*DATA, *PROD), "Microsoft.Storage",
        "storageAccounts", "Tiered Block Blob"),
    _meter("SQL Database", "vCore", "1 Hour", 0.226, 24, 7, PROD, "Microsoft.Sql", "servers/databases",
        "Single/Elastic Pool General Purpose", "Databases"),
    _meter("Azure App Service", "P1 v3 App", "1 Hour", 0.207, 24, 6, (*PROD, "staging"), "Microsoft.Web",
        "serverFarms", "Premium v3 Plan", "Compute"),
    _meter("Functions", "Standard Execution Time", "50000 GB Seconds", 0.72, 9, 5, PROD, "microsoft.web",
        "sites", "Consumption", "Compute"),
    _meter("Bandwidth", "Standard Data Transfer Out", "100 GB", 7.4, 2.2, 6,
        ("prod-api", "prod-web", "prod-payments"), "Microsoft.Network", "publicIPAddresses",
        "Inter-Region", "Networking"),
    _meter("Azure Kubernetes Service", "Standard Uptime SLA", "1 Hour", 0.092, 24, 3,
        ("prod-api", "staging"), "Microsoft.ContainerService", "managedClusters", "", "Containers"),
    _meter("Azure Monitor", "Alerts Metric Monitored", "1/Month", 0.09, 18, 3, ("shared-services",),
        "microsoft.insights", "metricAlerts", "", "Management and Governance"),
    _meter("Log Analytics", "Analytics Logs Data Ingestion", "1 GB", 2.76, 11, 6,
        ("dev", "shared-services", "prod-web"), "Microsoft.OperationalInsights", "workspaces", "",
        "Management and Governance"),
    _meter("Key Vault", "Operations", "10K", 0.027, 60, 4, (*PROD, "shared-services"),
        "Microsoft.KeyVault", "vaults", "", "Security"),
    _meter("Azure Cosmos DB", "100 RU/s", "1/Hour", 0.0074, 1400, 4, ("prod-payments", "prod-api"),
        "Microsoft.DocumentDB", "databaseAccounts", "", "Databases"),
    _meter("Redis Cache", "C2 Cache", "1 Hour", 0.094, 24, 4, PROD, "Microsoft.Cache", "Redis", "Standard",
        "Databases"),
    _meter("Azure Data Factory v2", "Cloud Data Movement", "1 Hour", 0.231, 70, 3,
        ("analytics", "data-lake"), "Microsoft.DataFactory", "factories", "", "Analytics", steady=False),
    _meter("Load Balancer", "Standard Included LB Rules", "1 Hour", 0.0231, 24, 4, PROD,
        "Microsoft.Network", "loadBalancers", "Standard", "Networking"),
    _meter("Event Hubs", "Standard Throughput Unit", "1 Hour", 0.028, 24, 3, ("data-lake", "prod-api"),
        "Microsoft.EventHub", "namespaces", "Standard", "Analytics"),
    _meter("Cognitive Services", "Standard Text Records", "1K", 0.92, 60, 2, ("ml-platform",),
        "Microsoft.CognitiveServices", "accounts", "Language", "AI + Machine Learning"),
    _meter("Backup", "LRS Data Stored", "1 GB/Month", 0.021, 210, 4, ("shared-services", "prod-payments"),
        "Microsoft.RecoveryServices", "vaults", "", "Storage"),
    _meter(UNASSIGNED, "Fjord Search Units", "1 Hour", 0.31, 24, 2, ("prod-web",), "Microsoft.SaaS",
        "resources", "", "Marketplace", marketplace=True),
)  # fmt: skip
