"""Meta 的渠道: WhatsApp, Messenger and Instagram, which share a door, a signature, an API and its errors."""
