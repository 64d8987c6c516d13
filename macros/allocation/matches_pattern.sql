{#-
    1 when a text meets a pattern, else 0: a star at the pattern's start, end or both stands for any text. LIKE would take the
    underscores of names for wildcards.
-#}
{%- macro matches_pattern(text, pattern) -%}
    {%- set core = "replace(" ~ pattern ~ ", '*', '')" -%}
    {%- set size = dbt.length(core) -%}
    case
        when {{ pattern }} like '*%*' then case when {{ dbt.position(core, text) }} > 0 then 1 else 0 end
        when {{ pattern }} like '*%' and {{ dbt.length(text) }} < {{ size }} then 0
        when {{ pattern }} like '*%'
            then case when substring({{ text }}, {{ dbt.length(text) }} - {{ size }} + 1, {{ size }}) = {{ core }} then 1 else 0 end
        when {{ pattern }} like '%*' then case when substring({{ text }}, 1, {{ size }}) = {{ core }} then 1 else 0 end
        when {{ text }} = {{ pattern }} then 1
        else 0
    end
{%- endmacro -%}
