/** A mail's HTML as a page of its own that loads nothing from outside until somebody asks for it.
 *
 * The server has cleaned the HTML already; the page's own policy is the second wall, and the sandbox the third.
 */
const REMOTE = /\b(?:src|srcset|background|poster)\s*=\s*["']?\s*(?:https?:)?\/\/|url\(\s*["']?\s*(?:https?:)?\/\//i

const STYLE =
  'html{overflow-y:hidden}body{margin:0;padding:12px 14px;background:#fff;color:#141b2b;' +
  'font:14px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;overflow-wrap:anywhere}' +
  'img[data-src]{display:none}img,table{max-width:100%;height:auto}a{color:#1a50bd}blockquote{margin:8px 0;padding-left:12px;border-left:3px solid #d5dbe8}'

export const hasRemote = (html: string) => REMOTE.test(html)

const PICTURE = /(<(?:img|source)\b[^>]*?\s)(src|srcset)(?=\s*=\s*["']?\s*(?:https?:)?\/\/)/gi

/** Remote pictures lose their address, so that nothing is even asked for. */
export const withoutRemote = (html: string) => html.replace(PICTURE, '$1data-$2')

export function frameOf(html: string, images: boolean): string {
  const pictures = images ? "img-src 'self' data: https: http:" : "img-src 'self' data:"
  const policy = `default-src 'none'; ${pictures}; style-src 'unsafe-inline'`
  return (
    `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">` +
    `<meta name="referrer" content="no-referrer"><base target="_blank"><style>${STYLE}</style>${images ? html : withoutRemote(html)}`
  )
}
