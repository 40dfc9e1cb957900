/** How the files of a message are shown. */
import { describe, expect, test } from 'vitest'
import type { Attachment } from '@/client/types'
import { endingOf, lengthOf, shownOf, sizeOf, voiceState } from '@/desk/thread/files'

const file = (hash: string, type: string, more: Partial<Attachment> = {}): Attachment => ({ hash, type, name: `${hash}.bin`, size: 1, ...more })

describe('files', () => {
  test('a voice made playable is a player with its original, which is no card beside it', () => {
    const voice = file('a', 'audio/silk')
    const made = file('b', 'audio/mpeg', { of: 'a', seconds: 61.2 })
    expect(shownOf([voice, made])).toEqual({ pictures: [], papers: [], players: [{ file: made, original: voice }] })
    expect(lengthOf(61.2)).toBe('1:01')
  })
  test('a voice nobody can play here says so, one in the making that it is', () => {
    expect([undefined, 'waiting', 'no'].map((playable) => voiceState(file('a', 'audio/amr', { playable } as Partial<Attachment>)))).toEqual(['no', 'waiting', 'no'])
    expect(voiceState(file('a', 'application/pdf'))).toBeNull()
  })
  test('pictures, films and papers', () => {
    const files = [file('p', 'image/png'), file('v', 'video/mp4'), file('d', 'application/pdf')]
    const shown = shownOf(files)
    expect([shown.pictures, shown.players.map((each) => each.file), shown.papers]).toEqual([[files[0]], [files[1]], [files[2]]])
    expect(shownOf(files, new Set(['p'])).papers).toEqual([files[0], files[2]])
    expect([endingOf('报价.xlsx'), endingOf('readme'), sizeOf(2048)]).toEqual(['XLSX', '', '2 KB'])
  })
})
