// `lightning/flowSupport`: as much as the component uses.
export class FlowAttributeChangeEvent extends CustomEvent {
    constructor(attributeName, attributeValue) {
        super('lightning__flowattributechange', { detail: { attributeName, attributeValue } })
    }
}
