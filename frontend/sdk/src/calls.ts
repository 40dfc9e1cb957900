import type { Asked, Ports } from './ports'

/** The server said no. */
export class Refused extends Error {
  declare readonly status: number
  declare readonly code: string

  constructor(status: number, code: string, detail: string) {
    super(detail)
    Object.assign(this, { status, code })
  }
}

/** Asks under one address; with a body it posts, with a token it says who asks. */
export function openCalls(ports: Ports, root: string, token: () => string) {
  return async <Answer>(path: string, body?: Asked['body'], headers: Record<string, string> = {}): Promise<Answer> => {
    const response = await ports.fetch(root + path, {
      method: body === undefined ? 'GET' : 'POST',
      body,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token() ? { Authorization: `Bearer ${token()}` } : {}),
        ...headers,
      },
    })
    const answer = (await response.json().catch(() => ({}))) as Answer & { code?: string; detail?: string }
    if (!response.ok) throw new Refused(response.status, answer.code ?? 'error', answer.detail ?? '')
    return answer
  }
}

export type Call = ReturnType<typeof openCalls>
