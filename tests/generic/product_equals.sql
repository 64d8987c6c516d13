{% test product_equals(model, total, unit_price, quantity, tolerance=1e-9) %}
{#-
    Fails where total is not unit_price x quantity, to within tolerance x max(1, |total|). Corrections are exempt:
    they may restate a cost without restating its price.
-#}
select
    {{ total }},
    {{ unit_price }},
    {{ quantity }}
from {{ model }}
where
    charge_class is null
    and {{ total }} is not null
    and {{ unit_price }} is not null
    and {{ quantity }} is not null
    and abs({{ total }} - {{ unit_price }} * {{ quantity }})
    > {{ tolerance }} * case when abs({{ total }}) > 1 then abs({{ total }}) else 1 end
{% endtest %}
