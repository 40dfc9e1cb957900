"""The WeChat family: 公众号 (`mp`), 小程序 (`mini`), 微信客服 (`kf`), 企业微信 (`wecom`) and its groups.

One folder, since they share signatures, encryption and XML (`crypto`, `xml`); each below is a channel of its own.
"""
