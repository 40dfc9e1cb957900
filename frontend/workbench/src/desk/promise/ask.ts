/** The small question of Element Plus with its clothes, fetched when the first one is asked. */
import { ElMessageBox } from 'element-plus'
import 'element-plus/es/components/message-box/style/css'

export const ask = ElMessageBox.prompt
