{#-
    What `tally doctor` wants to know of a warehouse, each answer a line of JSON with level, subject, said and remedy.
    It makes and drops one view in the raw schema, to see whether it may.
-#}
{%- macro doctor() -%}
    {%- set raw = api.Relation.create(database=target.database, schema=env_var('CLOUDTALLY_SCHEMA_PREFIX', '') ~ 'raw') -%}
    {%- do adapter.create_schema(raw) -%}
    {%- set probe = raw.incorporate(path={'identifier': 'doctor_probe'}, type='view') -%}
    {%- do adapter.dispatch('drop_probe', 'cloudtally')(probe) -%}
    {%- do run_statement('create view ' ~ probe ~ ' as select 1 as answer') -%}
    {%- do adapter.dispatch('drop_probe', 'cloudtally')(probe) -%}
    {%- do finding('ok', 'permissions', 'schema ' ~ raw.schema ~ ' can be made and written') -%}
    {%- do adapter.dispatch('doctor_settings', 'cloudtally')() -%}
    {%- set listing = raw.incorporate(path={'identifier': 'flat_files'}) -%}
    {%- if adapter.get_relation(database=raw.database, schema=raw.schema, identifier='flat_files') is none -%}
        {%- do finding(
            'note', 'raw', 'no external tables yet', 'tally stage --target ' ~ target.name
        ) -%}
    {%- else -%}
        {%- do doctor_raw(raw, listing) -%}
    {%- endif -%}
{%- endmacro -%}

{%- macro default__drop_probe(probe) -%}
    {%- do adapter.drop_relation(probe) -%}
{%- endmacro -%}

{#- By a statement: the adapter calls the API that deletes tables, and it shall be the right to write SQL that is tried. -#}
{%- macro bigquery__drop_probe(probe) -%}
    {%- do run_statement('drop view if exists ' ~ probe) -%}
{%- endmacro -%}

{#- Of each source the deliveries whose rows are read, beside those that were listed. -#}
{%- macro doctor_raw(raw, listing) -%}
    {%- set listed = run_query(
        "select relation, count(*) as deliveries from " ~ listing ~ " where delivery_id <> '' group by relation order by relation"
    ) -%}
    {%- for row in listed.rows -%}
        {%- set source = raw.incorporate(path={'identifier': row[0]}) -%}
        {%- set found = run_query('select count(distinct delivery_id) as deliveries, count(*) as read_rows from ' ~ source).rows[0] -%}
        {%- set is_whole = found[0] | int == row[1] | int -%}
        {%- do finding(
            'ok' if is_whole else 'fault',
            'raw.' ~ row[0],
            found[1] ~ ' rows of ' ~ found[0] ~ ' deliveries, ' ~ row[1] ~ ' listed',
            '' if is_whole else 'copy flat/ and catalog/ to ' ~ lake_path('') ~ ' again, then: dbt run-operation stage_raw --target ' ~ target.name
        ) -%}
    {%- endfor -%}
{%- endmacro -%}

{%- macro default__doctor_settings() -%}{%- endmacro -%}

{%- macro synapse__doctor_settings() -%}
    {#- a variant, which no driver hands out as it is -#}
    {%- set collation = run_query("select cast(databasepropertyex(db_name(), 'Collation') as varchar(128)) as answer").rows[0][0] -%}
    {%- do finding(
        'ok' if '_CI_AS' in collation else 'note',
        'collation',
        collation,
        '' if '_CI_AS' in collation else 'docs/engines/synapse.md, Case'
    ) -%}
{%- endmacro -%}

{%- macro finding(level, subject, said, remedy='') -%}
    {%- do log('doctor:' ~ tojson({'level': level, 'subject': subject, 'said': said, 'remedy': remedy}), info=true) -%}
{%- endmacro -%}
