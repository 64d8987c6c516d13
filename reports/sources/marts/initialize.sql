-- What the sources share: the published marts by name, names for people, and through which day costs are whole.
-- Runs on DuckDB itself before each source. Dates leave a source as text (an empty date column has no type in the
-- browser), and each source adds one row with is_row = 0, since Evidence cannot keep an empty table.
create view allocation as select * from read_parquet('data/allocation.parquet');
create view anomalies as select * from read_parquet('data/anomalies.parquet');
create view budgets as select * from read_parquet('data/budgets.parquet');
create view chargeback as select * from read_parquet('data/chargeback.parquet');
create view chargeback_adjustments as select * from read_parquet('data/chargeback_adjustments.parquet');
create view commitment_alerts as select * from read_parquet('data/commitment_alerts.parquet');
create view commitment_backtest as select * from read_parquet('data/commitment_backtest.parquet');
create view commitment_coverage as select * from read_parquet('data/commitment_coverage.parquet');
create view commitment_recommendations as select * from read_parquet('data/commitment_recommendations.parquet');
create view completeness as select * from read_parquet('data/completeness.parquet');
create view cost_and_usage as select * from read_parquet('data/cost_and_usage.parquet');
create view daily_cost as select * from read_parquet('data/daily_cost.parquet');
create view deliveries as select * from read_parquet('data/deliveries.parquet');
create view finops_kpis as select * from read_parquet('data/finops_kpis.parquet');
create view forecast_accuracy as select * from read_parquet('data/forecast_accuracy.parquet');
create view forecast_notes as select * from read_parquet('data/forecast_notes.parquet');
create view forecast_totals as select * from read_parquet('data/forecast_totals.parquet');
create view forecasts as select * from read_parquet('data/forecasts.parquet');
create view gaps as select * from read_parquet('data/gaps.parquet');
create view reconciliation as select * from read_parquet('data/reconciliation.parquet');
create view restatements as select * from read_parquet('data/restatements.parquet');
create view showback as select * from read_parquet('data/showback.parquet');
create view tag_compliance as select * from read_parquet('data/tag_compliance.parquet');
create view tag_offenders as select * from read_parquet('data/tag_offenders.parquet');

-- a filter's value stands between quotes in the pages' SQL, so no quote may be in it
create macro for_filter(words) as replace(words, '''', '’');
create macro day_text(day) as strftime(day, '%Y-%m-%d');
create macro day_name(day) as strftime(day, '%-d %b %Y');
create macro month_name(day) as strftime(day, '%b ’%y');
create macro month_so_far(day) as strftime(day, '%b') || ' so far';
create macro cost(amount) as cast(amount as double);

create view accounts as
with named as (
    select
        provider,
        sub_account_id,
        coalesce(max(sub_account_name), sub_account_id, 'no account') as name
    from cost_and_usage
    group by provider, sub_account_id
)

select
    provider,
    sub_account_id,
    for_filter(
        case
            when count(*) over (partition by name) = 1 then name
            when count(*) over (partition by name, provider) = 1 then name || ' · ' || provider
            else name || ' (' || coalesce(sub_account_id, '-') || ')'
        end
    ) as account
from named;

create view cost_centers as
select
    cost_center_id,
    case cost_center_id
        when 'unallocated' then 'Unallocated'
        when 'untaggable' then 'Cannot be tagged'
        else for_filter(coalesce(arg_max(cost_center_name, billing_period), cost_center_id))
    end as cost_center,
    arg_max(owner, billing_period) as owner
from showback
group by cost_center_id;

-- a source that fell silent more than 35 days ago holds nobody back
create view provider_days as
select
    provider,
    min(complete_through) as through_date
from completeness
where complete_through >= (select max(sources.complete_through) from completeness as sources) - 35
group by provider;

-- the day through which all bills of a currency are whole: the site's "today"
create view calendar as
select
    daily_cost.billing_currency,
    min(provider_days.through_date) as through_date,
    cast(date_trunc('month', min(provider_days.through_date)) as date) as running_month,
    min(provider_days.through_date) = last_day(min(provider_days.through_date)) as is_whole,
    coalesce(sum(effective_cost) filter (where charge_date > through_date - 92), 0) as recent_cost
from daily_cost
inner join provider_days on daily_cost.provider = provider_days.provider
group by daily_cost.billing_currency;
