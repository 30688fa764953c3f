"""Photos and voice notes: wanted, stored, made smaller. It knows neither Telegram nor pages."""
