{#- The sum of one field over those structs of a list whose other field is one of the given texts; 0 when there are none. -#}
{%- macro sum_of_field_where(list, field, key, texts) -%}
    {{- return(adapter.dispatch('sum_of_field_where', 'cloudtally')(list, field, key, texts)) -}}
{%- endmacro -%}

{%- macro default__sum_of_field_where(list, field, key, texts) -%}
    coalesce(list_sum(list_transform(
        list_filter({{ list }}, lambda entry: entry.{{ key }} in ('{{ texts | join("', '") }}')), lambda entry: entry.{{ field }}
    )), 0)
{%- endmacro -%}

{%- macro bigquery__sum_of_field_where(list, field, key, texts) -%}
    coalesce((select sum(entry.{{ field }}) from unnest({{ list }}) as entry where entry.{{ key }} in ('{{ texts | join("', '") }}')), 0)
{%- endmacro -%}

{%- macro synapse__sum_of_field_where(list, field, key, texts) -%}
    coalesce((
        select sum(entries.[{{ field }}])
        from openjson({{ list }})
            with ([{{ field }}] float(53) '$.{{ field }}', [{{ key }}] varchar(8000) '$.{{ key }}') as entries
        where entries.[{{ key }}] in ('{{ texts | join("', '") }}')
    ), 0)
{%- endmacro -%}

{%- macro athena__sum_of_field_where(list, field, key, texts) -%}
    coalesce(reduce(
        filter({{ list }}, entry -> entry.{{ key }} in ('{{ texts | join("', '") }}')),
        cast(0 as double), (total, entry) -> total + coalesce(entry.{{ field }}, 0), total -> total
    ), 0)
{%- endmacro -%}
