/** The channels an inbox can be of, as the house offers them; outside packages bring their own. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import * as settings from '@/client/settings'
import type { Channel } from '@/client/types'

export type ChannelRow = settings.ChannelRow

export const useChannels = defineStore('channels', () => {
  const rows = ref<ChannelRow[]>([])
  let asked: Promise<void> | null = null

  function load(): Promise<void> {
    asked ??= settings.channels().then((found) => { rows.value = found }, (problem: unknown) => {
      asked = null
      throw problem
    })
    return asked
  }

  const find = (channel: Channel) => rows.value.find((each) => each.name === channel)
  return { rows, load, find }
})
