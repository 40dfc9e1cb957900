/** Under which name this device remembers whether the guide stood last time: room is kept for it before it is here. */
export const ROOM = 'guide.shown'
