{#-
    ContractApplied of a ledger row: what its export says, else what follows from its other columns when a commitment
    covers it. A commitment that is bought by itself is its own contract. Of a spend commitment money is applied, of a
    usage commitment a quantity (FOCUS 1.4 allows one of the two).
-#}
{%- macro contract_applied() -%}
    coalesce(
        contract_applied,
        case
            when coalesce(commitment_discount_status, '') <> 'Used' then null
            when commitment_discount_category = 'Spend'
                then {{ concat_texts([
                    "'{\"Elements\":[{\"ContractId\":\"'", 'commitment_discount_id', "'\",\"ContractCommitmentId\":\"'",
                    'commitment_discount_id', "'\",\"ContractCommitmentAppliedCost\":'", number_as_text('effective_cost'), "'}]}'",
                ]) }}
            when commitment_discount_category = 'Usage'
                then {{ concat_texts([
                    "'{\"Elements\":[{\"ContractId\":\"'", 'commitment_discount_id', "'\",\"ContractCommitmentId\":\"'",
                    'commitment_discount_id', "'\",\"ContractCommitmentAppliedQuantity\":'",
                    number_as_text('commitment_discount_quantity'), "',\"ContractCommitmentAppliedUnit\":\"'",
                    'commitment_discount_unit', "'\"}]}'",
                ]) }}
        end
    )
{%- endmacro -%}
