{#- A number as JSON writes it, no digit of a double lost: a plain cast keeps six of them in T-SQL. -#}
{%- macro number_as_text(number) -%}
    {{- return(adapter.dispatch('number_as_text', 'cloudtally')(number)) -}}
{%- endmacro -%}

{%- macro default__number_as_text(number) -%}
    cast({{ number }} as {{ type_text() }})
{%- endmacro -%}

{%- macro synapse__number_as_text(number) -%}
    convert(varchar(50), {{ number }}, 3)
{%- endmacro -%}

{%- macro athena__number_as_text(number) -%}
    json_format(cast({{ number }} as json))
{%- endmacro -%}
