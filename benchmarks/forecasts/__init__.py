"""How good the forecasts are on made-up companies whose future is known."""
