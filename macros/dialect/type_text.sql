{#- The type of a text. It bears a length where a bare varchar would cut: at 30 characters in a T-SQL cast. -#}
{%- macro type_text() -%}
    {{- return(adapter.dispatch('type_text', 'cloudtally')()) -}}
{%- endmacro -%}

{%- macro default__type_text() -%}
    varchar
{%- endmacro -%}

{%- macro bigquery__type_text() -%}
    string
{%- endmacro -%}

{%- macro synapse__type_text() -%}
    varchar(8000)
{%- endmacro -%}
