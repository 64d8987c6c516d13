{{ config(materialized='table') }}
{%- set owners = [('same', 'web'), ('moved', 'data'), ('gone', 'storage')] if var('seen') == 1 else [('same', 'web'), ('moved', 'web')] -%}
{%- for owner_id, team_name in owners %}
select
    cast('{{ owner_id }}' as {{ api.Column.translate_type('string') }}) as owner_id,
    cast('{{ team_name }}' as {{ api.Column.translate_type('string') }}) as team_name
{{ 'union all' if not loop.last }}
{%- endfor %}
