{{ config(materialized='view') }}

select * from {{ ref('stg_aws__focus') }}
union all
select * from {{ ref('stg_azure__focus') }}
union all
select * from {{ ref('stg_gcp__focus') }}
union all
select * from {{ ref('stg_focus__focus') }}
