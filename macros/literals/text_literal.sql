{#- A text as the engine's literal, whatever quotes and backslashes are in it; null of none. -#}
{%- macro text_literal(text) -%}
    {{- return(adapter.dispatch('text_literal', 'cloudtally')(text)) -}}
{%- endmacro -%}

{%- macro default__text_literal(text) -%}
    {{- 'null' if text is none else "'" ~ text | replace("'", "''") ~ "'" -}}
{%- endmacro -%}

{%- macro bigquery__text_literal(text) -%}
    {{- 'null' if text is none else "'" ~ text | replace('\\', '\\\\') | replace("'", "\\'") ~ "'" -}}
{%- endmacro -%}
