"""What Meridian Retail uses on AWS: accounts, services and meters (prices in USD).

Belongs here: constants of the AWS estate. Does not: quantities (estate.py) and rows (aws_usage.py).
"""

from demo.estate import ACCOUNT_NAMES, Meter

PAYER = "012345678901"  # the account shared-services; the leading zero is there to be kept
ACCOUNT_IDS = tuple(
    PAYER if n == "shared-services" else f"{112233440000 + i * 1117:012d}"
    for i, n in enumerate(ACCOUNT_NAMES)
)
CURRENCY = "USD"
AWS, SELLER = "Amazon Web Services, Inc.", "Lumen Metrics Inc."
MARKETPLACE = "4kq8z1v7w2m9x3c6b5n0t8r2y"
REGIONS = ("us-east-1", "us-west-2", "eu-west-1")
REGION_PREFIX = {"us-east-1": "", "us-west-2": "USW2-", "eu-west-1": "EU-"}

PRODUCT_NAMES = {
    "AmazonEC2": "Amazon Elastic Compute Cloud",
    "AmazonRDS": "Amazon Relational Database Service",
    "AmazonS3": "Amazon Simple Storage Service",
    "AWSLambda": "AWS Lambda",
    "AmazonECS": "Amazon Elastic Container Service",
    "AmazonEKS": "Amazon Elastic Container Service for Kubernetes",
    "AmazonDynamoDB": "Amazon DynamoDB",
    "AmazonElastiCache": "Amazon ElastiCache",
    "AmazonRedshift": "Amazon Redshift",
    "AmazonCloudFront": "Amazon CloudFront",
    "AmazonRoute53": "Amazon Route 53",
    "AWSELB": "Elastic Load Balancing",
    "AmazonCloudWatch": "AmazonCloudWatch",
    "AmazonVPC": "Amazon Virtual Private Cloud",
    "AWSQueueService": "Amazon Simple Queue Service",
    "AWSGlue": "AWS Glue",
    "AmazonAthena": "Amazon Athena",
    "AmazonSageMaker": "Amazon SageMaker",
    "awskms": "AWS Key Management Service",
    "AmazonGuardDuty": "Amazon GuardDuty",
    "ComputeSavingsPlans": "Savings Plans for AWS Compute usage",
    "AWSSupportBusiness": "AWS Support (Business)",
    "AmazonRegistrar": "Amazon Registrar",
    MARKETPLACE: "Lumen Metrics Observability",
}
SERVICES = tuple(PRODUCT_NAMES)

PROD = ("prod-web", "prod-api", "prod-payments")
MOST = (*PROD, "staging", "dev", "shared-services")
DATA = ("data-lake", "analytics", "ml-platform")


def _meter(service, usage_type, unit, price, level, count, accounts, family, operation="", **more) -> Meter:
    return Meter(
        service, usage_type, unit, price, level, count, accounts,
        steady_hours=unit == "Hrs" and more.pop("steady", True),
        more={"family": family, "operation": operation, **more},
    )  # fmt: skip


VM, DB, STORE = "Compute Instance", "Database Instance", "Storage"
METERS = (
    _meter("AmazonEC2", "BoxUsage:m5.large", "Hrs", 0.096, 24, 16, MOST, VM, "RunInstances", commitment="ri"),
    _meter("AmazonRDS", "InstanceUsage:db.r6g.large", "Hrs", 0.215, 24, 8, PROD, DB,
        "CreateDBInstance:0014", commitment="ri_upfront"),
    _meter("AmazonEC2", "BoxUsage:m6i.xlarge", "Hrs", 0.192, 24, 18, (*PROD, *DATA), VM, "RunInstances",
        commitment="sp"),
    _meter("AmazonECS", "Fargate-vCPU-Hours:perCPU", "hours", 0.04048, 260, 8, PROD, "Compute",
        "FargateTask", commitment="sp"),
    _meter("AmazonEC2", "BoxUsage:c5.2xlarge", "Hrs", 0.34, 24, 9, ("staging", "dev", "sandbox"), VM,
        "RunInstances"),
    _meter("AmazonEC2", "SpotUsage:c5.2xlarge", "Hrs", 0.121, 24, 9, DATA, VM, "RunInstances:SV001",
        spot_list=0.34),
    _meter("AmazonEC2", "EBS:VolumeUsage.gp3", "GB-Mo", 0.08, 22, 26, (*MOST, *DATA), STORE,
        "CreateVolume-Gp3"),
    _meter("AmazonEC2", "EBS:SnapshotUsage", "GB-Mo", 0.05, 14, 6, MOST, STORE, "CreateSnapshot"),
    _meter("AmazonEC2", "NatGateway-Bytes", "GB", 0.045, 380, 6, PROD, "NAT Gateway", "NatGateway"),
    _meter("AmazonRDS", "RDS:GP3-Storage", "GB-Mo", 0.115, 40, 6, PROD, "Database Storage",
        "CreateDBInstance:0014"),
    _meter("AmazonS3", "TimedStorage-ByteHrs", "GB-Mo", 0.023, 1100, 12, (*DATA, *PROD), STORE,
        "StandardStorage"),
    _meter("AmazonS3", "Requests-Tier1", "Requests", 0.000005, 2_200_000, 8, (*DATA, *PROD), "API Request",
        "PutObject"),
    _meter("AWSLambda", "Lambda-GB-Second", "Lambda-GB-Second", 0.0000166667, 900_000, 8, PROD,
        "Serverless", "Invoke"),
    _meter("AmazonEKS", "AmazonEKS-Hours:perCluster", "Hours", 0.10, 24, 4, ("prod-api", "staging"),
        "Compute", "CreateOperation"),
    _meter("AmazonDynamoDB", "WriteRequestUnits", "WriteRequestUnits", 0.00000125, 38_000_000, 5,
        ("prod-api", "prod-payments"), "Amazon DynamoDB PayPerRequest Throughput",
        "PayPerRequestThroughput"),
    _meter("AmazonElastiCache", "NodeUsage:cache.r6g.large", "Hrs", 0.206, 24, 5, PROD, "Cache Instance",
        "CreateCacheCluster:0002"),
    _meter("AmazonRedshift", "Node:ra3.xlplus", "Hrs", 1.086, 24, 3, ("analytics",), VM,
        "RunComputeNode:0001"),
    _meter("AmazonCloudFront", "DataTransfer-Out-Bytes", "GB", 0.085, 900, 4, ("prod-web",),
        "Data Transfer", "GET"),
    _meter("AmazonRoute53", "DNS-Queries", "Queries", 0.0000004, 30_000_000, 3,
        ("prod-web", "shared-services"), "DNS Query", "A"),
    _meter("AWSELB", "LoadBalancerUsage", "Hrs", 0.0225, 24, 7, (*PROD, "staging"),
        "Load Balancer-Application", "LoadBalancing:Application"),
    _meter("AmazonCloudWatch", "DataProcessing-Bytes", "GB", 0.50, 28, 10, (*MOST, "sandbox"),
        "Data Payload", "PutLogEvents"),
    _meter("AmazonCloudWatch", "MetricMonitorUsage", "Metrics", 0.30, 9, 3, ("sandbox", "dev"), "Metric",
        "MetricStorage"),
    _meter("AmazonVPC", "DataTransfer-Regional-Bytes", "GB", 0.01, 700, 6, PROD, "Data Transfer",
        "InterZone-In", bundled=0.10),
    _meter("AWSQueueService", "Requests-RBP", "Requests", 0.0000004, 20_000_000, 4, PROD, "API Request",
        "SendMessage"),
    _meter("AWSGlue", "ETL-DPU-Hour", "DPU-Hour", 0.44, 46, 3, ("data-lake",), "AWS Glue", "Jobrun"),
    _meter("AmazonAthena", "DataScannedInTB", "Terabytes", 5.0, 5, 3, ("analytics", "data-lake"),
        "Athena Queries", "DataScannedInTB"),
    _meter("AmazonSageMaker", "Host:ml.g5.xlarge", "Hrs", 1.408, 24, 2, ("ml-platform",), "ML Instance",
        "RunInstance", steady=False),
    _meter("awskms", "KMS-Requests", "Requests", 0.000003, 700_000, 4, (*PROD, "shared-services"),
        "API Request", "Decrypt"),
    _meter("AmazonGuardDuty", "PaidEventsAnalyzed", "Events", 0.000004, 1_500_000, 4, ("shared-services",),
        "Security Services", "PaidEventsAnalyzed"),
    _meter(MARKETPLACE, "MP:lumen_host_hours-Units", "Units", 0.018, 1500, 3, (*PROD,), "", "",
        marketplace=True),
)  # fmt: skip
