{#-
    The table in which a warehouse keeps a model, and its stamps. It is there only with them: a table whose stamps are
    unknown is made anew, since nothing tells of which slices it holds rows.
-#}
{%- macro make_kept_table(target_relation, shape) -%}
    {%- set stamps = stamps_relation(target_relation) -%}
    {%- set existing = load_kept(target_relation) -%}
    {%- if existing is none or not existing.is_table or load_kept(stamps) is none -%}
        {%- do drop_kept_table(target_relation) -%}
        {%- do create_rows(target_relation, shape, false) -%}
        {%- do create_stamps(stamps) -%}
    {%- endif -%}
{%- endmacro -%}

{%- macro load_kept(relation) -%}
    {{- return(adapter.get_relation(database=relation.database, schema=relation.schema, identifier=relation.identifier)) -}}
{%- endmacro -%}

{#- The stamps go first. -#}
{%- macro drop_kept_table(target_relation) -%}
    {%- for relation in [stamps_relation(target_relation), target_relation] -%}
        {%- set existing = load_kept(relation) -%}
        {%- do adapter.drop_relation(existing or relation) -%}
    {%- endfor -%}
{%- endmacro -%}

{#- Where the new rows of a pass stand until they are exchanged for the old ones. -#}
{%- macro fresh_relation(target_relation) -%}
    {{- return(target_relation.incorporate(path={'identifier': target_relation.identifier ~ '__fresh'}, type='table')) -}}
{%- endmacro -%}

{#- Whether the table has the columns, in name and type, that a select gives now. -#}
{%- macro has_columns_of(target_relation, shape) -%}
    {%- set fresh = fresh_relation(target_relation) -%}
    {%- do adapter.drop_relation(fresh) -%}
    {%- do create_rows(fresh, shape, true) -%}
    {%- set sides = [] -%}
    {%- for relation in [target_relation, fresh] -%}
        {%- set columns = [] -%}
        {%- for column in adapter.get_columns_in_relation(relation) -%}
            {%- do columns.append(column.name | lower ~ ' ' ~ column.data_type | lower) -%}
        {%- endfor -%}
        {%- do sides.append(columns | sort) -%}
    {%- endfor -%}
    {#- DuckDB's adapter asks for columns within a transaction, that of the other engines ends with its statement -#}
    {%- if target.type == 'duckdb' -%}{%- do adapter.commit() -%}{%- endif -%}
    {%- do adapter.drop_relation(fresh) -%}
    {{- return(sides[0] == sides[1]) -}}
{%- endmacro -%}

{#- A table of the rows of a select, as the model's configuration says; a passing one as each adapter has them. -#}
{%- macro create_rows(relation, select, is_passing) -%}
    {{- adapter.dispatch('create_rows', 'cloudtally')(relation, select, is_passing) -}}
{%- endmacro -%}

{%- macro default__create_rows(relation, select, is_passing) -%}
    {%- do run_statement(create_table_as(false, relation, select)) -%}
{%- endmacro -%}

{#- A passing table of BigQuery ends by itself when a kill left it. -#}
{%- macro bigquery__create_rows(relation, select, is_passing) -%}
    {%- do run_statement(create_table_as(is_passing, relation, select)) -%}
{%- endmacro -%}

{%- macro athena__create_rows(relation, select, is_passing) -%}
    {%- do run_statement(create_table_as(is_passing, relation, select, 'sql', is_passing)) -%}
{%- endmacro -%}

{%- macro synapse__create_rows(relation, select, is_passing) -%}
    {%- set create -%}
        create table {{ relation }}
        with (
            distribution = {{ config.get('dist', 'round_robin') }},
            {{ config.get('index', 'clustered columnstore index') }}
        )
        as {{ select }}
    {%- endset -%}
    {%- do run_statement(create) -%}
{%- endmacro -%}

{#- What to select a model's rows from. T-SQL has no `with` within a select's brackets: there it is a view. -#}
{%- macro rows_of_model(model_sql) -%}
    {{- return(adapter.dispatch('rows_of_model', 'cloudtally')(model_sql)) -}}
{%- endmacro -%}

{%- macro default__rows_of_model(model_sql) -%}
    {{- return('(' ~ model_sql ~ ')') -}}
{%- endmacro -%}

{%- macro synapse__rows_of_model(model_sql) -%}
    {%- set view = this.incorporate(path={'identifier': this.identifier ~ '__rows'}, type='view') -%}
    {%- do adapter.drop_relation(view) -%}
    {%- do run_statement(get_create_view_as_sql(view, model_sql)) -%}
    {{- return(view | string) -}}
{%- endmacro -%}

{%- macro drop_rows_of_model() -%}
    {{- adapter.dispatch('drop_rows_of_model', 'cloudtally')() -}}
{%- endmacro -%}

{%- macro default__drop_rows_of_model() -%}{%- endmacro -%}

{%- macro synapse__drop_rows_of_model() -%}
    {%- do adapter.drop_relation(this.incorporate(path={'identifier': this.identifier ~ '__rows'}, type='view')) -%}
{%- endmacro -%}
