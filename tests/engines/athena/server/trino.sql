-- Trino's functions as macros of DuckDB, where the two differ by more than the name. What depends on an argument's type
-- is overloaded by it. timestamp(3) is TIMESTAMP_MS here, timestamp(6) TIMESTAMP, timestamp(0) TIMESTAMP_S.

-- integers divide to an integer, decimals to a decimal of the greater scale; DuckDB makes a double of both
create macro trino_divide(a bigint, b bigint) as a // b,
    (a hugeint, b bigint) as cast(a // b as bigint),
    (a hugeint, b double) as a / b,
    (a bigint, b hugeint) as cast(a // b as bigint),
    (a double, b hugeint) as a / b,
    (a hugeint, b hugeint) as cast(a // b as bigint),
    (a decimal(38, 12), b hugeint) as cast(cast(a as double) / b as decimal(38, 12)),
    (a hugeint, b decimal(38, 12)) as cast(a / cast(b as double) as decimal(38, 12)),
    (a double, b double) as a / b,
    (a decimal(38, 12), b double) as a / b,
    (a double, b decimal(38, 12)) as a / b,
    (a bigint, b double) as a / b,
    (a double, b bigint) as a / b,
    (a decimal(38, 12), b decimal(38, 12)) as case
        when b = 0 then error('DIVISION_BY_ZERO: / by zero') else cast(cast(a as double) / cast(b as double) as decimal(38, 12)) end,
    (a decimal(38, 12), b bigint) as case
        when b = 0 then error('DIVISION_BY_ZERO: / by zero') else cast(cast(a as double) / b as decimal(38, 12)) end,
    (a bigint, b decimal(38, 12)) as case
        when b = 0 then error('DIVISION_BY_ZERO: / by zero') else cast(a / cast(b as double) as decimal(38, 12)) end;

-- a sum of integers is a bigint, an average of decimals a decimal
create macro trino_sum(x bigint) as cast(sum(x) as bigint), (x) as sum(x);
create macro trino_avg(x decimal(38, 12)) as cast(avg(x) as decimal(38, 12)), (x double) as avg(x), (x bigint) as avg(x);

-- a date stays a date
create macro trino_date_trunc(unit, x date) as cast(date_trunc(unit, x) as date),
    (unit, x timestamp) as date_trunc(unit, x),
    (unit, x timestamp_ms) as cast(date_trunc(unit, cast(x as timestamp)) as timestamp_ms),
    (unit, x timestamp_s) as cast(date_trunc(unit, cast(x as timestamp)) as timestamp_s),
    (unit, x timestamptz) as date_trunc(unit, x);
create macro trino_date_add(unit, n, x date) as cast(x + n * unit as date),
    (unit, n, x timestamp) as x + n * unit,
    (unit, n, x timestamp_ms) as cast(cast(x as timestamp) + n * unit as timestamp_ms),
    (unit, n, x timestamp_s) as cast(cast(x as timestamp) + n * unit as timestamp_s),
    (unit, n, x timestamptz) as x + n * unit;
-- whole units that have passed, not borders crossed
create macro trino_date_diff(unit, a date, b date) as date_sub(unit, a, b),
    (unit, a timestamp, b timestamp) as date_sub(unit, a, b),
    (unit, a timestamptz, b timestamptz) as date_sub(unit, a, b);

-- zones: a time with a zone is shown in it, so at_timezone keeps the instant and casting to a timestamp takes the zone's
-- clock; DuckDB keeps the instant alone, and the rig allows the casts from UTC, which it can tell
create macro trino_with_timezone(x, zone) as timezone(zone, cast(x as timestamp));
create macro trino_at_timezone(x, zone) as x;
create macro trino_from_iso8601(x varchar, unit) as case
    when x is null then null
    when regexp_full_match(x, '[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?')
        then date_trunc(unit, cast(x as timestamptz))
    else cast(concat('not in ISO 8601: ', x) as timestamptz) end;

-- texts that may be cast to a time: no T between date and time, no offset, and for a date no time; DuckDB's cast then
-- fails on the words added, as it may within try, where error() may not stand
create macro trino_timestampable(x varchar) as case
    when x is null or regexp_full_match(x, ' *[0-9]+-[0-9]{1,2}-[0-9]{1,2}( [0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}([.][0-9]+)?)?)? *') then x
    else concat('no timestamp to Trino: ', x) end, (x) as x;
create macro trino_dateable(x varchar) as case
    when x is null or regexp_full_match(x, ' *[0-9]+-[0-9]{1,2}-[0-9]{1,2} *') then x
    else concat('no date to Trino: ', x) end, (x) as x;

-- null where nothing matches, or where there are fewer parts
create macro trino_regexp_extract(x, pattern, part) as
    case when regexp_matches(x, pattern) then regexp_extract(x, pattern, part) end;
create macro trino_split_part(x, separator, part) as
    case when part <= len(string_split(x, separator)) then split_part(x, separator, part) end;
create macro trino_to_milliseconds(x bigint) as x * 86400000, (x interval) as epoch_ms(x);

-- texts of other types
create macro trino_text(x varchar) as x,
    (x double) as double_text(x),
    (x timestamp) as strftime(x, '%Y-%m-%d %H:%M:%S.%f'),
    (x timestamp_ms) as strftime(cast(x as timestamp), '%Y-%m-%d %H:%M:%S.%g'),
    (x timestamp_s) as strftime(cast(x as timestamp), '%Y-%m-%d %H:%M:%S'),
    (x date) as cast(x as varchar),
    (x decimal(38, 12)) as cast(x as varchar),
    (x bigint) as cast(x as varchar),
    (x boolean) as cast(x as varchar),
    (x) as cast(x as varchar);

-- JSON: keys are sorted, both when a text is parsed and when a map becomes JSON; a text cast to JSON is a JSON text
create macro trino_to_json(x) as sorted_json(to_json(x));
create macro trino_json_parse(x varchar) as sorted_json(x);
create macro trino_json_text(x) as json_extract_string(x, '$');
create macro trino_json_scalar(x, path) as
    case when json_type(x, path) not in ('OBJECT', 'ARRAY') then json_extract_string(x, path) end;

-- maps
create macro trino_map_agg(k, v) as map(list(k), list(v));
create macro trino_multimap_from_entries(entries) as map_from_entries(list_transform(
    list_distinct(list_transform(entries, lambda entry: entry.key)),
    lambda k: struct_pack(
        key := k,
        value := list_transform(list_filter(entries, lambda entry: entry.key = k), lambda entry: entry.value)
    )
));
create macro trino_map_concat(a, b) as map_from_entries(list_concat(
    list_filter(map_entries(a), lambda entry: not list_contains(map_keys(b), entry.key)), map_entries(b)
));

-- only bound, never run: concat takes texts, or lists; DuckDB would make a text of anything, but not beside a list
create macro trino_concatenable(x varchar) as x, (x bigint) as [x], (x double) as [x], (x boolean) as [x], (x date) as [x],
    (x timestamp) as [x], (x) as x;
