{#- What a Compute Engine SKU counts, for the commitment that covers it: the fee's and the usage's words differ. -#}
{%- macro gcp_resource_kind(sku_description) -%}
    case
        when lower({{ sku_description }}) like '%gpu%' then 'gpu'
        when lower({{ sku_description }}) like '%local ssd%' then 'local ssd'
        when lower({{ sku_description }}) like '%ram %' or lower({{ sku_description }}) like '%memory%' then 'ram'
        when lower({{ sku_description }}) like '%cpu%' or lower({{ sku_description }}) like '%core %' then 'cpu'
        else 'other'
    end
{%- endmacro -%}
