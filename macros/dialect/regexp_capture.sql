{#- The first group of a pattern's first match in a text; null when nothing matches. -#}
{%- macro regexp_capture(value, pattern) -%}
    {{- return(adapter.dispatch('regexp_capture', 'cloudtally')(value, pattern)) -}}
{%- endmacro -%}

{%- macro default__regexp_capture(value, pattern) -%}
    nullif(regexp_extract({{ value }}, '{{ pattern }}', 1), '')
{%- endmacro -%}

{%- macro bigquery__regexp_capture(value, pattern) -%}
    nullif(regexp_extract({{ value }}, r'{{ pattern }}'), '')
{%- endmacro -%}

{#- T-SQL has no regular expressions: of each pattern that the models use, the same in searches, a key's value from JSON. -#}
{%- macro synapse__regexp_capture(value, pattern) -%}
    {%- set binary = '(' ~ value ~ ') collate Latin1_General_BIN2' -%}
    {%- set back = 'reverse(' ~ value ~ ')' -%}
    {%- set quoted = modules.re.fullmatch('"([^"\\[\\]()]+)":"\\(\\[\\^"\\]\\*\\)"', pattern) -%}
    {%- set numbered = modules.re.fullmatch('\\(\\[0-9\\]\\+\\) \\*-\\?([a-z]+)', pattern) -%}
    {%- set leading = modules.re.fullmatch('\\^\\(\\[0-9\\]\\+\\) \\*([a-z]+)', pattern) -%}
    {%- set two_parts = modules.re.fullmatch('(\\.\\*)?(/[a-z]+/)\\(\\[\\^/\\]\\+/\\[\\^/\\]\\+\\)', pattern) -%}
    {%- if quoted -%}
        (
            select nullif(entries.value, '') from openjson({{ value }}) as entries
            where entries.[key] = '{{ quoted.group(1) }}' and entries.type = 1
        )
    {%- elif numbered -%}
        {#- the digits at the end of what stands before the word, its blanks and hyphens aside -#}
        {{ digits_at_end("rtrim(replace(left(" ~ value ~ ", nullif(charindex('" ~ numbered.group(1) ~ "', " ~ binary ~ "), 0) - 1), '-', ' '))") }}
    {%- elif leading -%}
        case
            when ltrim(substring({{ binary }}, patindex('%[^0-9]%', {{ value }}), 8000)) like '{{ leading.group(1) }}%'
                then nullif(left({{ value }}, patindex('%[^0-9]%', {{ value }}) - 1), '')
        end
    {%- elif two_parts -%}
        {%- set marker = two_parts.group(2) -%}
        {%- if two_parts.group(1) -%}
            {%- set rest = "right(" ~ value ~ ", nullif(charindex('" ~ (marker | reverse) ~ "', reverse(" ~ binary ~ ")), 0) - 1)" -%}
        {%- else -%}
            {%- set rest = "substring(" ~ value ~ ", nullif(charindex('" ~ marker ~ "', " ~ binary ~ "), 0) + " ~ marker | length ~ ", 8000)" -%}
        {%- endif -%}
        case
            when {{ rest }} like '[^/]%/[^/]%'
                then left({{ rest }}, charindex('/', {{ rest }} + '/', charindex('/', {{ rest }}) + 1) - 1)
        end
    {%- elif pattern == '([0-9]+)' -%}
        {{ digits_at_start('substring(' ~ value ~ ", nullif(patindex('%[0-9]%', " ~ value ~ '), 0), 8000)') }}
    {%- elif pattern == '/([^/]+)$' -%}
        nullif(right({{ value }}, nullif(charindex('/', {{ back }}), 0) - 1), '')
    {%- elif pattern in ('/([^/]+)/[^/]+$', '.*/([^/]+)/[^/]+$') -%}
        {%- set first = "charindex('/', " ~ back ~ ')' -%}
        case
            when {{ back }} like '[^/]%/[^/]%/%'
                then reverse(substring({{ back }}, {{ first }} + 1, charindex('/', {{ back }}, {{ first }} + 1) - {{ first }} - 1))
        end
    {%- elif pattern == '^([A-Z]{3})$' -%}
        case when {{ binary }} like '[A-Z][A-Z][A-Z]' then {{ value }} end
    {%- else -%}
        {{ exceptions.raise_compiler_error('regexp_capture: no form for ' ~ pattern ~ ' without regular expressions') }}
    {%- endif -%}
{%- endmacro -%}
