{#- The sum of one field over a list of structs, 0 for an empty or absent list. Never a join: it would multiply the row. -#}
{%- macro sum_of_field(list, field) -%}
    {{- return(adapter.dispatch('sum_of_field', 'cloudtally')(list, field)) -}}
{%- endmacro -%}

{%- macro default__sum_of_field(list, field) -%}
    coalesce(list_sum(list_transform({{ list }}, lambda entry: entry.{{ field }})), 0)
{%- endmacro -%}

{%- macro bigquery__sum_of_field(list, field) -%}
    coalesce((select sum(entry.{{ field }}) from unnest({{ list }}) as entry), 0)
{%- endmacro -%}

{%- macro synapse__sum_of_field(list, field) -%}
    coalesce((
        select sum(entries.[{{ field }}])
        from openjson({{ list }}) with ([{{ field }}] float(53) '$.{{ field }}') as entries
    ), 0)
{%- endmacro -%}

{%- macro athena__sum_of_field(list, field) -%}
    coalesce(reduce(
        {{ list }}, cast(0 as double), (total, entry) -> total + coalesce(entry.{{ field }}, 0), total -> total
    ), 0)
{%- endmacro -%}
