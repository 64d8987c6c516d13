{#- A value of a closed list of FOCUS in the list's own letter case; any other value stays as it is written. -#}
{%- macro as_listed(value, listed) -%}
    case lower({{ value }})
        {%- for name in listed %} when '{{ name | lower }}' then '{{ name }}'{% endfor %}
        else {{ value }}
    end
{%- endmacro -%}
