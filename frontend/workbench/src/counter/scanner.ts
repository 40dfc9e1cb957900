/** Reads codes with the camera: by the browser's own reader, else by one that is loaded when it is wanted. */
interface Found { rawValue: string }
interface Detector { detect: (source: ImageBitmap) => Promise<Found[]> }
type DetectorClass = new (options: { formats: string[] }) => Detector

const EVERY_MS = 200
const ITS_OWN = ['qr_code', 'code_128', 'ean_13']
const OURS = ['qr_code'] // what a member code is

export const canScan = (): boolean => typeof navigator.mediaDevices?.getUserMedia === 'function'

async function detectorOf(): Promise<Detector> {
  const Own = (window as unknown as { BarcodeDetector?: DetectorClass }).BarcodeDetector
  if (Own) return new Own({ formats: ITS_OWN })
  const { BarcodeDetector } = (await import('qr/decode.js')) as unknown as { BarcodeDetector: DetectorClass }
  return new BarcodeDetector({ formats: OURS })
}

async function readFrom(detector: Detector, source: ImageBitmapSource): Promise<string | null> {
  const picture = await createImageBitmap(source)
  try {
    return (await detector.detect(picture))[0]?.rawValue || null
  } finally {
    picture.close()
  }
}

/** What stands on a photograph; null where no code is found on it. */
export const read = async (photo: File): Promise<string | null> => readFrom(await detectorOf(), photo)

/** Until something is found, or `stop` is called. */
export async function scan(video: HTMLVideoElement, found: (text: string) => void): Promise<() => void> {
  const detector = await detectorOf()
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
  video.srcObject = stream
  await video.play()
  const stop = () => {
    clearInterval(timer)
    for (const track of stream.getTracks()) track.stop()
    video.srcObject = null
  }
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    readFrom(detector, video)
      .then((text) => {
        if (!text || !video.srcObject) return
        stop()
        found(text)
      })
      .catch(() => undefined) // a frame that is not there yet
      .finally(() => (busy = false))
  }, EVERY_MS)
  return stop
}
