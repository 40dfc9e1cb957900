/** Time passes by a clock that does not run. */
import { vi } from 'vitest'
import * as device from '@/device/device'

/** What is loaded when it is needed, and what is sealed, takes real moments beside those of the clock. */
export async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms)
  for (let turn = 0; turn < 3; turn++) {
    await vi.dynamicImportSettled()
    await device.settled()
    await vi.advanceTimersByTimeAsync(0)
  }
}
