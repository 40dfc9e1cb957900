import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { onSignedOut } from './client/http'
import { i18n, speak } from './i18n'
import { createDoors } from './router'
import { tellNoBanner } from './shell/landmarks'
import { usePreferences } from './stores/preferences'
import { useSession } from './stores/session'
import './styles/tokens.css'
import './styles/base.css'
import './styles/parts.css'
import './styles/element.css'

const app = createApp(App).use(createPinia()).use(i18n)
const preferences = usePreferences()
preferences.show()
tellNoBanner()
const router = createDoors()
onSignedOut(() => {
  useSession().forget()
  void router.push({ name: 'login' })
})

void speak(preferences.language).then(() => app.use(router).mount('#app'))
