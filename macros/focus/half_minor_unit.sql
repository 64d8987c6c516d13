{#- The most by which one rounding to a currency's smallest unit can move an amount: half a cent, or half a yen. -#}
{%- macro half_minor_unit(currency) -%}
    case
        when {{ currency }} in ('CLP', 'ISK', 'JPY', 'KRW', 'PYG', 'UGX', 'VND', 'XAF', 'XOF') then {{ money('0.5') }}
        else {{ money('0.005') }}
    end
{%- endmacro -%}
