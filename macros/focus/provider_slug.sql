{#- The provider of a native FOCUS row: the three clouds by their short names, anyone else by the slug of the name. -#}
{%- macro provider_slug(name) -%}
    case
        when {{ slug(name) }} = 'aws' or {{ slug(name) }} like 'aws-%' or {{ slug(name) }} like 'amazon-web-services%' then 'aws'
        when {{ slug(name) }} in ('microsoft', 'azure') or {{ slug(name) }} like 'microsoft-%' or {{ slug(name) }} like 'azure-%' then 'azure'
        when {{ slug(name) }} in ('google', 'gcp') or {{ slug(name) }} like 'google-%' then 'gcp'
        else {{ slug(name) }}
    end
{%- endmacro -%}
