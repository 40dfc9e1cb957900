import { miniPorts, openClient, openWeChat } from '../../yizhan-sdk.js'

const { base, inbox } = getApp().globalData
const page = () => ({ url: 'https://miniprogram.example.com/chat', title: '小程序', referrer: '' })
const client = openClient({ base, inbox, ports: miniPorts(wx), page, locale: () => 'zh-CN' })
const wechat = openWeChat(client)

Page({
  data: { lines: [], text: '', connecting: true, name: '', phone: '' },

  onLoad() {
    this.off = client.on(() => {
      const lines = client.lines.map(({ key, from, text, state, attachments }) => ({ key, from, text, state, attachments }))
      this.setData({ lines, connecting: client.link !== 'live', last: lines.length ? `m${lines.length - 1}` : '' })
    })
    client.start()
    this.signIn()
  },
  /** 让他成为公众号、小程序客服里的同一位客户；接入点没有选小程序时，他就是访客 */
  signIn() {
    wx.login({
      success: ({ code }) => wechat.signInWithWeChat(code).then(
        ({ name }) => this.setData({ name }),
        (wrong) => console.warn('没有登录:', wrong.code),
      ),
    })
  },
  /** <button open-type="getPhoneNumber" bindgetphonenumber="phone"> */
  phone({ detail }) {
    if (detail.code) return wechat.givePhone(detail.code).then(({ phone }) => this.setData({ phone }))
  },
  onShow() {
    client.attend(true)
    client.nudge()
  },
  onHide() {
    client.attend(false)
  },
  onUnload() {
    this.off()
    client.stop()
  },

  typed(event) {
    this.setData({ text: event.detail.value })
    client.typing()
  },
  send() {
    const text = this.data.text.trim()
    if (text) client.send(text)
    this.setData({ text: '' })
  },
  async picture() {
    const { tempFiles } = await wx.chooseMedia({ count: 1, mediaType: ['image'] })
    const { data } = await new Promise((success, fail) =>
      wx.getFileSystemManager().readFile({ filePath: tempFiles[0].tempFilePath, success, fail }))
    client.send('', [await client.upload(data, 'picture.jpg', 'image/jpeg')])
  },
})
