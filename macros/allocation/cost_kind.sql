{#- What kind of cost a charge is to the one who pays: each charge is one kind, so the kinds add up to the bill. -#}
{%- macro cost_kind(charges, pools) -%}
    case
        when {{ charges }}.charge_category = 'Tax' then 'tax'
        when {{ charges }}.charge_category = 'Credit' then 'credit'
        when {{ charges }}.commitment_discount_status = 'Unused' then 'commitment_waste'
        when {{ pools }}.pool_id is not null then 'shared'
        else 'direct'
    end
{%- endmacro -%}
