// What the application's scripts find in a browser: as much of the classic interface as they use. Whatever else they ask
// for throws, so that no script passes by calling what is not there.
(() => {
    const strict = (name, object) => new Proxy(object, {
        get(target, key) {
            if (!(key in target) && typeof key !== 'symbol') throw new Error(`${name}.${key} is not simulated`)
            return target[key]
        },
    })
    const form = document.querySelector('form[data-table]')
    const messages = document.getElementById('messages')
    const made = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text })
    const say = (className, text) => {
        const line = made('p', `notice ${className}`.trim(), text)
        line.dataset.message = 'script'
        messages.append(line)
    }
    // The activity of a record is the only part of an open form that follows by itself.
    const follow = async () => {
        const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html')
        const activity = page.getElementById('activity')
        if (activity) document.getElementById('activity').replaceWith(activity)
    }

    class GlideAjax {
        constructor(processor) {
            this.parameters = new URLSearchParams({ sysparm_processor: processor })
        }

        addParam(name, value) {
            this.parameters.set(name, value)
        }

        getXMLAnswer(then) {
            fetch('/servicenow/xmlhttp.do', { method: 'POST', body: this.parameters })
                .then((answer) => answer.text())
                .then((text) => then(new DOMParser().parseFromString(text, 'text/xml').documentElement.getAttribute('answer')), () => then(null))
        }
    }

    class GlideModal {
        constructor(name) {
            Object.assign(this, { name, title: '', preferences: {} })
        }

        setTitle(title) {
            this.title = title
        }

        setPreference(name, value) {
            if (!['body', 'focusTrap', 'onPromptComplete'].includes(name)) throw new Error(`the preference ${name} is not simulated`)
            this.preferences[name] = value
        }

        render() {
            if (this.name !== 'glide_modal_confirm') throw new Error(`the dialog ${this.name} is not simulated`)
            const buttons = made('div', 'modal-footer', '')
            const no = made('button', 'btn btn-default', 'Cancel')
            const yes = made('button', 'btn btn-primary', 'OK')
            no.onclick = () => this.destroy()
            yes.onclick = () => {
                this.destroy()
                this.preferences.onPromptComplete()
            }
            buttons.append(no, yes)
            const body = document.createElement('div')
            body.append(made('p', '', this.preferences.body), buttons)
            this.renderWithContent(body)
        }

        renderWithContent(body) {
            const dialog = document.createElement('dialog')
            const title = made('h2', '', this.title)
            title.id = 'dialog-title'
            dialog.setAttribute('aria-labelledby', title.id)
            for (const button of body.querySelectorAll('button')) button.type = 'button'
            dialog.append(title, body)
            dialog.addEventListener('close', () => dialog.remove())
            document.body.append(dialog)
            this.dialog = dialog
            dialog.showModal()
        }

        destroy() {
            this.dialog.close()
        }
    }

    const control = (name) => form.elements.namedItem(name)
    Object.assign(window, {
        GlideAjax,
        GlideModal,
        getMessage: (words) => words,
        g_navigation: strict('g_navigation', { openPopup: (address) => window.open(address, '_blank', 'popup,width=520,height=720') }),
        servicenow: { onLoad: [], actions: {} },
    })
    if (!form) return
    Object.assign(window, {
        g_scratchpad: JSON.parse(form.dataset.scratchpad),
        g_form: strict('g_form', {
            isNewRecord: () => false,
            getTableName: () => form.dataset.table,
            getUniqueValue: () => form.dataset.id,
            getControl: control,
            getValue: (name) => control(name)?.value ?? '',
            setValue(name, value) {
                const field = control(name)
                if (field.value === value) return
                field.value = value
                follow()
            },
            clearMessages: () => messages.querySelectorAll('[data-message=script]').forEach((line) => line.remove()),
            addInfoMessage: (text) => say('', text),
            addErrorMessage: (text) => say('notice-bad', text),
        }),
    })
    window.addEventListener('load', () => {
        for (const button of document.querySelectorAll('button[data-action]')) button.addEventListener('click', () => window.servicenow.actions[button.dataset.action]())
        for (const work of window.servicenow.onLoad) work()
    })
})()
