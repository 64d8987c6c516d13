{#- FOCUS ends are exclusive; AWS ends monthly rows, plans and leases a second early. -#}
{%- macro exclusive_end(ends_at) -%}
    case
        when extract(second from {{ ends_at }}) = 59
            then {{ dbt.dateadd('second', 1, ends_at) }}
        else {{ ends_at }}
    end
{%- endmacro -%}
