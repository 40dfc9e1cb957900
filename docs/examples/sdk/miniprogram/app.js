// curl -o yizhan-sdk.js https://desk.example.com/sdk.js  (beside this file; in the tools: 将 JS 编译成 ES5, 增强编译)
// 小程序后台 → 开发设计 → 服务器域名: request https://desk.example.com, socket wss://desk.example.com
App({ globalData: { base: 'https://desk.example.com', inbox: 'KEY' } })
