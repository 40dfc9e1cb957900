"""山雀生活, the shop of the demo: a page of a customer's own, with the widget on it. Only there in demo mode."""

from yizhan.web.demo_shop.handlers import shop_file, shop_page
from yizhan.web.demo_shop.phone import phone_page, phones_page

routes = [shop_page, shop_file, phone_page, phones_page]

__all__ = ["routes"]
