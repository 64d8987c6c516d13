{#- The whole second of a point in time within its minute, 0 to 59. -#}
{%- macro second_of(timestamp) -%}
    {{- return(adapter.dispatch('second_of', 'cloudtally')(timestamp)) -}}
{%- endmacro -%}

{%- macro default__second_of(timestamp) -%}
    extract(second from {{ timestamp }})
{%- endmacro -%}

{%- macro synapse__second_of(timestamp) -%}
    datepart(second, {{ timestamp }})
{%- endmacro -%}
