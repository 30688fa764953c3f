"""Photos and voice notes: requesting, storing and shrinking them. It knows neither Telegram nor pages."""
