// `@salesforce/apex`: calls of the controller, and the wires that follow one.
const wires = new Set()

/** A method of the controller. What it throws says as much as the platform says. */
export const method = (name) => async (given) => {
    const answer = await fetch(`/salesforce/apex/IpseStatusController/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(given),
    })
    const body = await answer.json()
    if (!answer.ok) throw { body }
    return body
}

/** Asks a method, and tells a receiver of each answer. */
export class Wire {
    constructor(adapter, settings, receive) {
        Object.assign(this, { adapter, settings, receive })
        wires.add(this)
    }

    async ask() {
        let result
        try {
            result = { data: await this.adapter(this.settings()), error: undefined }
        } catch (error) {
            result = { data: undefined, error }
        }
        if (!wires.has(this)) return
        this.last = result
        this.receive(result)
    }

    end() {
        wires.delete(this)
    }
}

export const refreshApex = async (given) => {
    const wire = [...wires].find((wire) => wire.last === given)
    if (!wire) throw new Error('refreshApex was not given what a wire was told')
    await wire.ask()
}
