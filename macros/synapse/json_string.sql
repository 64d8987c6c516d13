{#- A text as a string of JSON, quotes and all; null of null. Synapse has no STRING_ESCAPE, and + alone keeps a null. -#}
{%- macro json_string(text) -%}
    {%- set escapes = [('\\', '\\\\'), ('"', '\\"')] -%}
    {%- set result = namespace(text=text) -%}
    {%- for character, escaped in escapes -%}
        {%- set result.text = 'replace(' ~ result.text ~ ", '" ~ character ~ "', '" ~ escaped ~ "')" -%}
    {%- endfor -%}
    {%- for code, letter in [(8, 'b'), (9, 't'), (10, 'n'), (12, 'f'), (13, 'r')] -%}
        {%- set result.text = 'replace(' ~ result.text ~ ', char(' ~ code ~ "), '\\" ~ letter ~ "')" -%}
    {%- endfor -%}
    '"' + {{ result.text }} + '"'
{%- endmacro -%}
