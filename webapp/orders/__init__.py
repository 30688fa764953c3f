"""Pages that show orders: board, order page, lists, slips, export. It may import the talk and the people."""

from webapp.orders import board, export, order_list, order_routes, saved_lists, slips

BLUEPRINTS = tuple(page.blueprint for page in (board, export, order_list, order_routes, saved_lists, slips))
