{#- FOCUS ends are exclusive; AWS ends monthly rows, plans and leases a second early. -#}
{%- macro exclusive_end(ends_at) -%}
    case
        when {{ second_of(ends_at) }} = 59
            then {{ add_to_timestamp('second', 1, ends_at) }}
        else {{ ends_at }}
    end
{%- endmacro -%}
