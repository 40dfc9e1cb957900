import { miniPorts, openClient } from '../../yizhan-sdk.js'

const { base, inbox } = getApp().globalData
const page = () => ({ url: 'https://miniprogram.example.com/chat', title: '小程序', referrer: '' })
const client = openClient({ base, inbox, ports: miniPorts(wx), page, locale: () => 'zh-CN' })

Page({
  data: { lines: [], text: '', connecting: true },

  onLoad() {
    this.off = client.on(() => {
      const lines = client.lines.map(({ key, from, text, state, attachments }) => ({ key, from, text, state, attachments }))
      this.setData({ lines, connecting: client.link !== 'live', last: lines.length ? `m${lines.length - 1}` : '' })
    })
    client.start()
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
