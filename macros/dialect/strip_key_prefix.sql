{#- Flat JSON text whose keys that start with a prefix lose it. -#}
{%- macro strip_key_prefix(json, prefix) -%}
    {{- return(adapter.dispatch('strip_key_prefix', 'cloudtally')(json, prefix)) -}}
{%- endmacro -%}

{%- macro default__strip_key_prefix(json, prefix) -%}
    regexp_replace({{ json }}, '([{,])"{{ prefix }}', '\1"', 'g')
{%- endmacro -%}

{%- macro bigquery__strip_key_prefix(json, prefix) -%}
    regexp_replace({{ json }}, r'([{,])"{{ prefix }}', r'\1"')
{%- endmacro -%}

{#- A prefix may have one optional part at its end, which is written out as texts. -#}
{%- macro synapse__strip_key_prefix(json, prefix) -%}
    {%- set form = modules.re.fullmatch('([\\w/:]*)(?:\\(([\\w/:]+)\\)\\?)?', prefix) -%}
    {%- if not form -%}
        {{ exceptions.raise_compiler_error('strip_key_prefix: no form for ' ~ prefix ~ ' without regular expressions') }}
    {%- endif -%}
    {%- set result = namespace(text='(' ~ json ~ ') collate Latin1_General_BIN2') -%}
    {%- for ending in ([form.group(2), ''] if form.group(2) else ['']) -%}
        {%- for before in ['{"', ',"'] -%}
            {%- set key = before ~ form.group(1) ~ ending -%}
            {%- set result.text = 'replace(' ~ result.text ~ ", '" ~ key ~ "', '" ~ before ~ "')" -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ result.text }} collate database_default
{%- endmacro -%}

{%- macro athena__strip_key_prefix(json, prefix) -%}
    regexp_replace({{ json }}, '([{,])"{{ prefix }}', '$1"')
{%- endmacro -%}
