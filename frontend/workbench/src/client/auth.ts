/** Signing in and out, and one's own presence. */
import { get, post, put } from './http'
import type { DemoDoor, Me, Presence, PresenceState, Reference, SignedIn } from './types'

export const signIn = (login: string, password: string) => post<SignedIn>('/auth/login', { login, password })
export const demoSignIn = (login: string) => post<SignedIn>('/auth/demo', { login })
export const demoDoor = () => get<DemoDoor>('/auth/demo')
export const signOut = () => post<undefined>('/auth/logout')
export const me = () => get<Me>('/auth/me')
export const reference = () => get<Reference>('/reference')
export const setPresence = (state: PresenceState, reason: string | null) =>
  put<Presence>('/me/presence', reason ? { state, reason } : { state })
/** Ends every session of mine, this one too. */
export const changePassword = (old: string, fresh: string) => put<unknown>('/me/password', { old, new: fresh })
export const signOutEverywhere = () => post<unknown>('/auth/logout-everywhere')
