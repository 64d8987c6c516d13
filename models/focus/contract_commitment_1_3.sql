-- FOCUS 1.3's Contract Commitment dataset, as far as bills tell it. A commitment discount that is bought by itself is its
-- own contract: both have one id and one period.
select
    billing_currency as BillingCurrency,
    commitment_discount_category as ContractCommitmentCategory,
    commitment_cost as ContractCommitmentCost,
    commitment_discount_name as ContractCommitmentDescription,
    commitment_discount_id as ContractCommitmentId,
    ends_at as ContractCommitmentPeriodEnd,
    starts_at as ContractCommitmentPeriodStart,
    commitment_quantity as ContractCommitmentQuantity,
    commitment_discount_type as ContractCommitmentType,
    commitment_discount_unit as ContractCommitmentUnit,
    commitment_discount_id as ContractId,
    ends_at as ContractPeriodEnd,
    starts_at as ContractPeriodStart
from {{ ref('int_commitments__described') }}
