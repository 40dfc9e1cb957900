/** A request whose body is told of while it leaves: fetch cannot say how far it is. */

export function carry(url: string, init: { method: string; headers: Record<string, string>; body: Blob; signal: AbortSignal | null }, told: (share: number) => void): Promise<Response> {
  return new Promise((then, fail) => {
    const request = new XMLHttpRequest()
    request.open(init.method, url)
    for (const [name, value] of Object.entries(init.headers)) request.setRequestHeader(name, value)
    request.upload.onprogress = (event) => told(event.lengthComputable && event.total ? event.loaded / event.total : 0)
    request.onload = () => then(new Response(request.status === 204 ? null : request.responseText, { status: request.status }))
    request.onerror = request.onabort = request.ontimeout = () => fail(new TypeError('nobody answered'))
    init.signal?.addEventListener('abort', () => request.abort())
    if (init.signal?.aborted) fail(new TypeError('given up'))
    else request.send(init.body)
  })
}
