import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { onSignedOut, onStaleForm } from './client/http'
import { hear } from './device/tabs'
import { i18n, speak } from './i18n'
import { fitAboveKeyboard } from './composables/viewport'
import { createDoors } from './router'
import { tellNoBanner } from './shell/landmarks'
import { useAppearance } from './stores/appearance'
import { usePreferences } from './stores/preferences'
import { useSession } from './stores/session'
import './styles/tokens.css'
import './styles/base.css'
import './styles/parts.css'
import './styles/element.css'
import './styles/seeing.css'

const app = createApp(App).use(createPinia()).use(i18n)
const preferences = usePreferences()
preferences.show()
useAppearance().show()
tellNoBanner()
fitAboveKeyboard()
const router = createDoors()
async function signedOut(code: string): Promise<void> {
  await useSession().end(code)
  await router.push({ name: 'login', query: router.currentRoute.value.fullPath === '/' ? {} : { to: router.currentRoute.value.fullPath } })
}

onSignedOut((code) => void signedOut(code))
onStaleForm(() => useSession().load())
hear((news) => {
  const session = useSession()
  if (news.gone && session.me) void signedOut('session_ended')
  if (news.came && session.agent && session.agent.id !== news.came) void session.giveWay()
})

void useSession().load().catch(() => undefined) // on its way while the words are; the first door hears the answer
void speak(preferences.language).then(() => app.use(router).mount('#app'))
