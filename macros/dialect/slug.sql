{#- Lower case, each run of other characters than letters and digits one hyphen, none at the ends. -#}
{%- macro slug(value) -%}
    {{- return(adapter.dispatch('slug', 'cloudtally')(value)) -}}
{%- endmacro -%}

{%- macro default__slug(value) -%}
    trim(regexp_replace(lower({{ value }}), '[^a-z0-9]+', '-', 'g'), '-')
{%- endmacro -%}

{%- macro bigquery__slug(value) -%}
    trim(regexp_replace(lower({{ value }}), r'[^a-z0-9]+', '-'), '-')
{%- endmacro -%}

{#- Without regular expressions each character by itself: those of ASCII; a letter with an accent stays as it is. -#}
{%- macro synapse__slug(value) -%}
    {%- set result = namespace(text='lower(' ~ value ~ ')') -%}
    {%- for character in ' !"#$%&()*+,./:;<=>?@[\\]^_`{|}~' -%}
        {%- set result.text = 'replace(' ~ result.text ~ ", '" ~ character ~ "', '-')" -%}
    {%- endfor -%}
    {%- set result.text = 'replace(' ~ result.text ~ ", '''', '-')" -%}
    {#- a run of hyphens is one: each is written as a pair that its neighbour's takes away -#}
    trim('-' from replace(replace(replace({{ result.text }}, '-', '-~'), '~-', ''), '-~', '-'))
{%- endmacro -%}

{%- macro athena__slug(value) -%}
    regexp_replace(regexp_replace(lower({{ value }}), '[^a-z0-9]+', '-'), '^-|-$', '')
{%- endmacro -%}
