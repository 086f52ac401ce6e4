import { LightningElement, api, wire } from 'lwc';
import { refreshApex } from '@salesforce/apex';
import { FlowAttributeChangeEvent } from 'lightning/flowSupport';
import { isEmpEnabled, onError, subscribe, unsubscribe } from 'lightning/empApi';
import status from '@salesforce/apex/IpseStatusController.status';
import start from '@salesforce/apex/IpseStatusController.start';
import resend from '@salesforce/apex/IpseStatusController.resend';
import cancel from '@salesforce/apex/IpseStatusController.cancel';
import refresh from '@salesforce/apex/IpseStatusController.refresh';
import { LABELS, sentence, stateName } from './labels';

const CHANNEL = '/event/Verification_Result__e';
const NEW_EVENTS = -1;
/** After an event the trigger needs a moment to write the record. */
const LOOK_AGAIN_MS = [1000, 3000, 10000];
const POLL_MS = 20000;

/**
 * How a record's verifications stand. An event only says when to look: whoever may publish events could write
 * "approved" into one, so what is shown is what the server of this org read from the record.
 */
export default class IdvStatus extends LightningElement {
    /** Shows without offering to do anything. */
    @api readOnly = false;

    label = LABELS;
    verifications = [];
    mayAct = false;
    isLoaded = false;
    isBusy = false;
    isLive = true;
    problem = '';
    notice = '';
    link = '';

    _recordId;
    wired;
    subscription;
    timers = new Set();
    poll;

    /** The record; on record pages the platform fills it in. */
    @api
    get recordId() {
        return this._recordId;
    }
    set recordId(value) {
        this._recordId = value;
        this.link = '';
        this.problem = '';
    }

    /** For flows: the decision of the newest verification; empty while it runs. */
    @api
    get decision() {
        return this.verifications[0]?.decision ?? '';
    }

    @wire(status, { recordId: '$recordId' })
    receive(result) {
        this.wired = result;
        if (result.data) {
            const before = this.decision;
            this.isLoaded = true;
            this.mayAct = result.data.mayAct;
            this.verifications = result.data.rows.map((row) => this.shown(row));
            if (this.decision !== before) {
                this.dispatchEvent(new FlowAttributeChangeEvent('decision', this.decision));
            }
            this.pollIfNeeded();
        } else if (result.error) {
            this.isLoaded = true;
            this.tell(result.error);
        }
    }

    get canStart() {
        return this.mayAct && !this.readOnly && !this.verifications.some((row) => row.isRunning);
    }

    get isEmpty() {
        return this.isLoaded && this.verifications.length === 0 && !this.problem;
    }

    get isQuiet() {
        return !this.isLive;
    }

    connectedCallback() {
        this.listen();
    }

    disconnectedCallback() {
        if (this.subscription) {
            unsubscribe(this.subscription, () => {});
            this.subscription = undefined;
        }
        this.timers.forEach((timer) => clearTimeout(timer));
        this.timers.clear();
        clearInterval(this.poll);
        this.poll = undefined;
    }

    async listen() {
        try {
            onError(() => this.goQuiet());
            if (!(await isEmpEnabled())) {
                this.goQuiet();
                return;
            }
            const subscription = await subscribe(CHANNEL, NEW_EVENTS, (message) => this.hear(message));
            if (this.isConnected) {
                this.subscription = subscription;
            } else {
                unsubscribe(subscription, () => {});
            }
        } catch {
            this.goQuiet();
        }
    }

    /** Every page gets every event of the org: those about other records are not ours. */
    hear(message) {
        const payload = message?.data?.payload;
        const isOurs =
            payload &&
            this.recordId &&
            (payload.Related_Record_Id__c === this.recordId ||
                payload.Person_Record_Id__c === this.recordId ||
                this.verifications.some((row) => row.verificationId === payload.Verification_Id__c));
        if (!isOurs) {
            return;
        }
        LOOK_AGAIN_MS.forEach((delay) => this.later(delay, () => this.reload()));
    }

    later(delay, run) {
        // eslint-disable-next-line @lwc/lwc/no-async-operation -- the record follows the event a moment later
        const timer = setTimeout(() => {
            this.timers.delete(timer);
            run();
        }, delay);
        this.timers.add(timer);
    }

    /** No events here: in the mobile app, in sites, or after the connection broke. */
    goQuiet() {
        this.isLive = false;
        this.pollIfNeeded();
    }

    pollIfNeeded() {
        const isWaiting = !this.isLive && this.verifications.some((row) => row.isRunning);
        if (isWaiting && !this.poll && this.isConnected) {
            // eslint-disable-next-line @lwc/lwc/no-async-operation -- there is no event to wait for
            this.poll = setInterval(() => this.askServer(), POLL_MS);
        } else if (!isWaiting) {
            clearInterval(this.poll);
            this.poll = undefined;
        }
    }

    async askServer() {
        try {
            await refresh({ recordId: this.recordId });
        } catch (error) {
            this.tell(error);
        }
        await this.reload();
    }

    async reload() {
        if (this.wired) {
            await refreshApex(this.wired);
        }
    }

    handleStart(event) {
        const delivery = event.detail.value;
        return this.act(async () => {
            const begun = await start({ recordId: this.recordId, delivery });
            this.link = begun.link ?? '';
            this.notice = begun.outcome === 'queued' ? LABELS.queued : '';
        });
    }

    handleResend(event) {
        return this.actOn(resend, event);
    }

    handleCancel(event) {
        return this.actOn(cancel, event);
    }

    handleRefresh() {
        return this.act(() => refresh({ recordId: this.recordId }));
    }

    actOn(action, event) {
        const verificationRecordId = event.currentTarget.dataset.id;
        return this.act(() => action({ verificationRecordId }));
    }

    async act(run) {
        if (this.isBusy) {
            return;
        }
        this.isBusy = true;
        this.problem = '';
        this.notice = '';
        this.link = '';
        try {
            await run();
        } catch (error) {
            this.tell(error);
        } finally {
            this.isBusy = false;
        }
        await this.reload();
    }

    tell(error) {
        this.problem = sentence(error?.body?.message ?? error?.message);
    }

    shown(row) {
        return {
            ...row,
            stateName: stateName(row.status),
            mark: row.isValid
                ? 'slds-badge slds-theme_success'
                : row.decision === 'refused'
                  ? 'slds-badge slds-theme_error'
                  : 'slds-badge',
            problemText: row.problem ? sentence(row.problem) : '',
            canAct: row.isRunning && this.mayAct && !this.readOnly && Boolean(row.verificationId)
        };
    }
}
