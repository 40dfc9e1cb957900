/** What shops are called, asked for once when somebody first reads of one. */
import { ref } from 'vue'
import type { Shop } from '@/client/counter'
import * as counter from '@/client/counter'
import { useShopWords } from './shop'

const known = ref<Shop[]>([])
let asked = false

export function useShopNames() {
  const words = useShopWords()

  function of(key: unknown): Shop | undefined {
    if (!asked) {
      asked = true
      counter.shops().then((all) => (known.value = all)).catch(() => (asked = false)) // asked again with the next
    }
    return known.value.find((each) => each.key === key)
  }

  const name = (key: string) => {
    const shop = of(key)
    return shop ? words.say(shop.name) : key
  }
  const purpose = (facts: Record<string, unknown>) => words.purpose(of(facts['shop']), String(facts['purpose'] ?? ''))
  const when = (facts: Record<string, unknown>) => (facts['starts_at'] ? words.when(String(facts['starts_at']), of(facts['shop'])?.tz ?? 'Asia/Shanghai') : '')
  return { of, name, purpose, when }
}
