/** Reads codes with the camera where the browser can; elsewhere the digits are typed. */
interface Found { rawValue: string }
interface Detector { detect: (source: HTMLVideoElement | ImageBitmap) => Promise<Found[]> }
type DetectorClass = new (options: { formats: string[] }) => Detector

const EVERY_MS = 200
const FORMATS = ['qr_code', 'code_128', 'ean_13']

const detectorClass = () => (window as unknown as { BarcodeDetector?: DetectorClass }).BarcodeDetector

export const canScan = (): boolean => !!detectorClass() && typeof navigator.mediaDevices?.getUserMedia === 'function'

/** Whether a photograph of a code can be read. */
export const canRead = (): boolean => !!detectorClass()

/** What stands on a photograph; null where no code is found on it. */
export async function read(photo: File): Promise<string | null> {
  const Detector = detectorClass()
  if (!Detector) return null
  const picture = await createImageBitmap(photo)
  try {
    return (await new Detector({ formats: FORMATS }).detect(picture))[0]?.rawValue || null
  } finally {
    picture.close()
  }
}

/** Until something is found, or `stop` is called. */
export async function scan(video: HTMLVideoElement, found: (text: string) => void): Promise<() => void> {
  const Detector = detectorClass()
  if (!Detector) return () => undefined
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
  video.srcObject = stream
  await video.play()
  const detector = new Detector({ formats: FORMATS })
  const stop = () => {
    clearInterval(timer)
    for (const track of stream.getTracks()) track.stop()
    video.srcObject = null
  }
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    detector
      .detect(video)
      .then((codes) => {
        const text = codes[0]?.rawValue
        if (!text || !video.srcObject) return
        stop()
        found(text)
      })
      .catch(() => undefined) // a frame that is not there yet
      .finally(() => (busy = false))
  }, EVERY_MS)
  return stop
}
