{#- Which part of a cost is covered, in percent; null where there is none or where refunds make a share meaningless. -#}
{%- macro covered_pct(part, whole) -%}
    case
        when {{ whole }} > 0 and {{ part }} >= 0 and {{ part }} <= {{ whole }}
            then 100 * cast({{ part }} as {{ type_double() }}) / cast({{ whole }} as {{ type_double() }})
    end
{%- endmacro -%}
