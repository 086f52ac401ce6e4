// `lightning/empApi`: platform events as a page hears them, over server-sent events.
const CHANNEL = '/event/Verification_Result__e'
const NEW_EVENTS = -1
const failing = new Set()

export const isEmpEnabled = async () => typeof EventSource === 'function'

export const onError = (tell) => {
    failing.add(tell)
}

export const subscribe = async (channel, replayId, hear) => {
    if (channel !== CHANNEL || replayId !== NEW_EVENTS) throw new Error(`${channel} from ${replayId} is not simulated`)
    const source = new EventSource('/salesforce/events')
    source.onmessage = (message) => hear({ channel, data: JSON.parse(message.data) })
    // A browser that tries again by itself has not failed.
    source.onerror = () => {
        if (source.readyState === EventSource.CLOSED) for (const tell of failing) tell({ channel })
    }
    return { channel, source }
}

export const unsubscribe = (subscription, done) => {
    subscription.source.close()
    done({ successful: true })
}
