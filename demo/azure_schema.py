"""The columns of an EA cost details export, version 2024-08-01, in order.

Belongs here: names. Does not: values. In CSV all is text; numbers here are doubles that are written in full.
"""

import pyarrow as pa

_NAMES = """
InvoiceSectionName AccountName AccountOwnerId SubscriptionId SubscriptionName ResourceGroup ResourceLocation
Date ProductName MeterCategory MeterSubCategory MeterId MeterName MeterRegion UnitOfMeasure Quantity
EffectivePrice CostInBillingCurrency CostCenter ConsumedService ResourceId Tags OfferId AdditionalInfo
ServiceInfo1 ServiceInfo2 ResourceName ReservationId ReservationName UnitPrice ProductOrderId
ProductOrderName Term PublisherType PublisherName ChargeType Frequency PricingModel AvailabilityZone
BillingAccountId BillingAccountName BillingCurrencyCode BillingPeriodStartDate BillingPeriodEndDate
BillingProfileId BillingProfileName InvoiceSectionId IsAzureCreditEligible PartNumber PayGPrice PlanName
ServiceFamily CostAllocationRuleName benefitId benefitName AccountId ResourceLocationNormalized
"""
NAMES = _NAMES.split()
NUMBERS = {"Quantity", "EffectivePrice", "CostInBillingCurrency", "UnitPrice", "PayGPrice"}
SCHEMA = pa.schema([(name, pa.float64() if name in NUMBERS else pa.string()) for name in NAMES])
