// `lwc`: the base class. The decorators were taken off before the module came here.
export class LightningElement {
    isConnected = false
    // Set by the host.
    hears = () => {}

    dispatchEvent(event) {
        this.hears(event)
        return true
    }
}

const gone = (name) => () => {
    throw new Error(`@${name} was not taken off`)
}
export const api = gone('api')
export const wire = gone('wire')
