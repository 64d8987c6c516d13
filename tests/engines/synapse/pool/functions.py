"""T-SQL's functions as DuckDB macros: those whose meaning differs. translation.py calls them by these names.

Collation: the pool compares texts without regard to case (its default, SQL_Latin1_General_CP1_CI_AS), which DuckDB's NOCASE
does for operators; the functions that search a text have a twin ending in _binary for texts under a _BIN2 collation.
"""

import re

WHOLE = "('TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT', 'UTINYINT', 'BOOLEAN')"
DIGITS = "case when typeof({x}) like 'DECIMAL%' then cast(regexp_extract(typeof({x}), '([0-9]+),', 1) as int) else 10 end"
PLACES = "case when typeof({x}) like 'DECIMAL%' then cast(regexp_extract(typeof({x}), ',([0-9]+)', 1) as int) else 0 end"
P1, S1, P2, S2 = DIGITS.format(x="a"), PLACES.format(x="a"), DIGITS.format(x="b"), PLACES.format(x="b")
EXACT = f"((typeof(a) like 'DECIMAL%' or typeof(a) in {WHOLE}) and (typeof(b) like 'DECIMAL%' or typeof(b) in {WHOLE}))"

# Precision and scale of exact arithmetic: past 38 digits the result keeps six places, or what its whole digits leave.
MACROS = f"""
pool_scale(p, s) as case when p <= 38 or s <= 6 then s when p - s > 32 then 6 else least(s, 38 - (p - s)) end
pool_multiply(a, b) as case
    when {EXACT} and (typeof(a) like 'DECIMAL%' or typeof(b) like 'DECIMAL%')
        then round(cast(a as double) * cast(b as double), pool_scale({P1} + {P2} + 1, {S1} + {S2}))
    else cast(a as double) * cast(b as double) end
pool_divide(a, b) as case
    when b = 0 then error('Divide by zero error encountered.')
    when typeof(a) in {WHOLE} and typeof(b) in {WHOLE} then trunc(cast(a as double) / cast(b as double))
    when {EXACT} then round(cast(a as double) / cast(b as double),
        pool_scale({P1} - {S1} + {S2} + greatest(6, {S1} + {P2} + 1), greatest(6, {S1} + {P2} + 1)))
    else cast(a as double) / cast(b as double) end
pool_text(x) as case
    when typeof(x) in ('DOUBLE', 'FLOAT') then printf('%.6g', try_cast(cast(x as varchar) as double))
    when typeof(x) = 'TIMESTAMP' then strftime(try_cast(cast(x as varchar) as timestamp), '%Y-%m-%d %H:%M:%S.%f')
    when typeof(x) = 'BOOLEAN' then case cast(x as varchar) when 'true' then '1' when 'false' then '0' end
    else cast(x as varchar) end
pool_varchar(x, n) as left(pool_text(x), n)
pool_moment(t) as case
    when trim(t) = '' then timestamp '1900-01-01'
    when regexp_matches(t, '^[0-9]{{1,2}}/') then try_strptime(t, ['%m/%d/%Y', '%m/%d/%Y %H:%M:%S', '%m/%d/%Y %H:%M'])
    when regexp_matches(t, '[+-][0-9]{{2}}:[0-9]{{2}}$') then null
    when regexp_matches(t, '^[0-9]{{8}}$') then try_strptime(t, '%Y%m%d')
    when regexp_matches(t, '^[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}}') then try_cast(t as timestamp) end
pool_try_timestamp(x) as case when typeof(x) = 'VARCHAR' then pool_moment(cast(x as varchar)) else try_cast(x as timestamp) end
pool_timestamp(x) as case when pool_try_timestamp(x) is null and x is not null
    then error('Conversion failed when converting date and/or time from character string.') else pool_try_timestamp(x) end
pool_try_date(x) as cast(pool_try_timestamp(x) as date)
pool_date(x) as cast(pool_timestamp(x) as date)
pool_offset_text(t) as case when trim(t) = '' then timestamptz '1900-01-01 00:00:00+00' else try_cast(t as timestamptz) end
pool_try_offset(x) as case
    when typeof(x) = 'VARCHAR' then pool_offset_text(cast(x as varchar)) else try_cast(x as timestamptz) end
pool_offset(x) as case when pool_try_offset(x) is null and x is not null
    then error('Conversion failed when converting date and/or time from character string.') else pool_try_offset(x) end
pool_try_bigint(x) as case
    when typeof(x) = 'VARCHAR' then case
        when trim(cast(x as varchar)) = '' then 0
        when regexp_matches(cast(x as varchar), '^ *[+-]?[0-9]+ *$') then try_cast(cast(x as varchar) as bigint) end
    when typeof(x) = 'BOOLEAN' then case cast(x as varchar) when 'true' then 1 when 'false' then 0 end
    when typeof(x) in {WHOLE} then try_cast(cast(x as varchar) as bigint)
    else cast(trunc(try_cast(cast(x as varchar) as double)) as bigint) end
pool_bigint(x) as case when pool_try_bigint(x) is null and x is not null
    then error('Conversion failed when converting the value to data type int.') else pool_try_bigint(x) end
pool_try_float(x) as case when typeof(x) = 'VARCHAR' and trim(cast(x as varchar)) = '' then 0
    when typeof(x) = 'BOOLEAN' then case cast(x as varchar) when 'true' then 1 when 'false' then 0 end
    else try_cast(cast(x as varchar) as double) end
pool_float(x) as case when pool_try_float(x) is null and x is not null
    then error('Error converting data type varchar to float.') else pool_try_float(x) end
pool_plain_number(x) as case when typeof(x) <> 'VARCHAR' then x when not regexp_matches(cast(x as varchar), '[eE]|^ *$') then x end
pool_charindex(sought, x) as strpos(lower(x), lower(sought))
pool_charindex_from(sought, x, start) as case
    when strpos(substring(lower(x), greatest(start, 1)), lower(sought)) = 0 then 0
    else strpos(substring(lower(x), greatest(start, 1)), lower(sought)) + greatest(start, 1) - 1 end
pool_charindex_binary(sought, x) as strpos(x, sought)
pool_charindex_from_binary(sought, x, start) as case
    when strpos(substring(x, greatest(start, 1)), sought) = 0 then 0
    else strpos(substring(x, greatest(start, 1)), sought) + greatest(start, 1) - 1 end
pool_regexp_position(x, pattern) as case
    when x is null then null when regexp_matches(x, pattern) then length(regexp_extract(x, '(?s)^(.*?)' || pattern, 1)) + 1 else 0 end
pool_replace(x, sought, new) as case
    when sought = '' then x else regexp_replace(x, '(?i)' || regexp_escape(sought), replace(new, '\\', '\\\\'), 'g') end
pool_left(x, n) as case when n < 0 then error('Invalid length parameter passed to the LEFT function.') else left(pool_text(x), n) end
pool_right(x, n) as case when n < 0 then error('Invalid length parameter passed to the RIGHT function.') else right(pool_text(x), n) end
pool_substring(x, start, n) as case
    when n < 0 then error('Invalid length parameter passed to the SUBSTRING function.')
    when start < 1 then left(x, greatest(n + start - 1, 0)) else substring(x, start, n) end
pool_stuff(x, start, n, new) as case
    when start < 1 or start > length(x) or n < 0 then null else left(x, start - 1) || coalesce(new, '') || substring(x, start + n) end
pool_len(x) as length(rtrim(pool_text(x), ' '))
pool_datalength(x) as strlen(pool_text(x))
pool_replicate(x, n) as case when n < 0 then null else repeat(x, n) end
pool_year(x) as year(pool_timestamp(x))
pool_month(x) as month(pool_timestamp(x))
pool_day(x) as day(pool_timestamp(x))
pool_eomonth(x) as last_day(pool_timestamp(x))
pool_datefromparts(y, m, d) as make_date(y, m, d)
pool_getdate() as cast(now() at time zone 'UTC' as timestamp)
pool_isnull(a, b) as coalesce(a, b)
pool_hashbytes(kind, x) as case kind
    when 'MD5' then upper(md5(x)) when 'SHA2_256' then upper(sha256(x)) when 'SHA1' then upper(sha1(x)) else error('No such hash.') end
pool_schema_id(name) as cast(hash(lower(name)) % 2147483647 as int)
"""


# Read from columns as a rule: bound to a name they would cost more than their copies. DuckDB refuses what is no JSON.
PLAIN_MACROS = """
pool_isjson(x) as case when x is null then null when json_valid(x) and json_type(x) in ('OBJECT', 'ARRAY') then 1 else 0 end
pool_json_value(x, path) as case when json_type(x, path) in ('OBJECT', 'ARRAY') then null else json_extract_string(x, path) end
pool_json_query(x, path) as case when json_type(x, path) in ('OBJECT', 'ARRAY') then cast(json_extract(x, path) as varchar) end
pool_json_kind(kind) as case kind when 'NULL' then 0 when 'VARCHAR' then 1 when 'BOOLEAN' then 3 when 'ARRAY' then 4
    when 'OBJECT' then 5 else 2 end
pool_elements(x) as case json_type(x) when 'ARRAY' then cast(x as json[]) when 'OBJECT' then [cast(x as json)] else [] end
pool_entries(x) as case json_type(x)
    when 'ARRAY' then list_transform(cast(x as json[]), lambda e, i:
        {'key': cast(i - 1 as varchar), 'value': json_extract_string(e, '$'), 'type': pool_json_kind(json_type(e))})
    when 'OBJECT' then list_transform(map_entries(cast(cast(x as json) as map(varchar, json))), lambda e: {
        'key': e.key, 'value': json_extract_string(e.value, '$'), 'type': pool_json_kind(json_type(e.value))}) end
"""


def macros() -> list[str]:
    """The CREATE MACRO statements, in an order in which each knows those it uses."""
    definitions = [*_definitions(PLAIN_MACROS), *(_once(definition) for definition in _definitions(MACROS))]
    return ["create or replace macro " + definition for definition in definitions]


def _definitions(text: str) -> list[str]:
    definitions: list[str] = []
    for line in text.strip().splitlines():
        if line.startswith("pool_"):
            definitions.append(line)
        else:
            definitions[-1] += "\n" + line
    return definitions


def _once(definition: str) -> str:
    """A macro copies its arguments to wherever they stand, so nested calls would grow without end: where one stands more
    than once they are bound to names, the one way being a lambda over a list of one. Subqueries stay outside of it."""
    head, body = definition.split(" as ", 1)
    name, parameters = head.rstrip(")").split("(")
    names = [part.strip() for part in parameters.split(",") if part.strip()]
    if any(len(re.findall(rf"\b{parameter}\b", body)) > 1 for parameter in names):
        for parameter in names:
            body = re.sub(rf"\b{parameter}\b", f"given.the_{parameter}", body)
        packed = ", ".join(f"the_{parameter} := {parameter}" for parameter in names)
        body = f"list_transform([struct_pack({packed})], lambda given: {body})[1]"
    return f"{name}({parameters}) as {body}"
