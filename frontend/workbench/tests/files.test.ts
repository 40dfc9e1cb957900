/** How the files of a message are shown. */
import { describe, expect, test } from 'vitest'
import type { Attachment, Message } from '@/client/types'
import { endingOf, lengthOf, nearer, picturesOf, shownOf, sizeOf, voiceState } from '@/desk/thread/files'

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
  test('pictures are gone through over the messages, without what was recalled, and come closer by steps', () => {
    const said = (id: string, more: Partial<Message>) => ({ id, attachments: [file(`${id}1`, 'image/png'), file(`${id}2`, 'text/plain')], ...more }) as Message
    expect(picturesOf([said('a', {}), said('b', { recalled_at: '2026-01-01T00:00:00Z' }), said('c', {})]).map((each) => each.file.hash)).toEqual(['a1', 'c1'])
    expect([nearer(1, -1), nearer(1, 2), nearer(7, 1)]).toEqual([1, 2.25, 8])
  })
})
