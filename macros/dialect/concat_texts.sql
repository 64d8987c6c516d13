{#- Texts as one; null when any of them is null, which dbt.concat is not on every engine. -#}
{%- macro concat_texts(texts) -%}
    {{- return(adapter.dispatch('concat_texts', 'cloudtally')(texts)) -}}
{%- endmacro -%}

{%- macro default__concat_texts(texts) -%}
    {{ texts | join(' || ') }}
{%- endmacro -%}

{%- macro synapse__concat_texts(texts) -%}
    ({{ texts | join(' + ') }})
{%- endmacro -%}
