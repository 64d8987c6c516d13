{#- Flat JSON text whose keys that start with a prefix lose it. -#}
{%- macro strip_key_prefix(json, prefix) -%}
    {{- return(adapter.dispatch('strip_key_prefix', 'cloudtally')(json, prefix)) -}}
{%- endmacro -%}

{%- macro default__strip_key_prefix(json, prefix) -%}
    regexp_replace({{ json }}, '([{,])"{{ prefix }}', '\1"', 'g')
{%- endmacro -%}

{%- macro athena__strip_key_prefix(json, prefix) -%}
    regexp_replace({{ json }}, '([{,])"{{ prefix }}', '$1"')
{%- endmacro -%}
