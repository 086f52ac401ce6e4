import { createElement } from 'lwc';
import IdvStatus from 'c/idvStatus';
import { refreshApex } from '@salesforce/apex';
import { isEmpEnabled, onError, subscribe, unsubscribe } from 'lightning/empApi';
import status from '@salesforce/apex/IpseStatusController.status';
import start from '@salesforce/apex/IpseStatusController.start';
import resend from '@salesforce/apex/IpseStatusController.resend';
import cancel from '@salesforce/apex/IpseStatusController.cancel';
import refresh from '@salesforce/apex/IpseStatusController.refresh';

jest.mock('@salesforce/apex', () => ({ refreshApex: jest.fn(() => Promise.resolve()) }), { virtual: true });
jest.mock(
    '@salesforce/apex/IpseStatusController.status',
    () => {
        const { createApexTestWireAdapter } = require('@salesforce/sfdx-lwc-jest');
        return { default: createApexTestWireAdapter(jest.fn()) };
    },
    { virtual: true }
);
jest.mock('@salesforce/apex/IpseStatusController.start', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/IpseStatusController.resend', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/IpseStatusController.cancel', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/IpseStatusController.refresh', () => ({ default: jest.fn() }), { virtual: true });
jest.mock(
    'lightning/empApi',
    () => ({ isEmpEnabled: jest.fn(), onError: jest.fn(), subscribe: jest.fn(), unsubscribe: jest.fn() }),
    { virtual: true }
);

const RECORD = '500000000000001AAA';
const running = {
    id: 'a01000000000001AAA',
    name: 'IV-000001',
    verificationId: 'ver_1',
    status: 'link_sent',
    decision: null,
    purpose: 'Confirm',
    isRunning: true,
    isValid: false
};
const verified = {
    ...running,
    status: 'succeeded',
    decision: 'approved',
    isRunning: false,
    isValid: true,
    finishedAt: '2026-11-21T10:00:00.000Z',
    validUntil: '2026-11-22T10:00:00.000Z'
};

describe('c-idv-status', () => {
    let element;
    let hear;

    const settle = () => jest.advanceTimersByTimeAsync(0);
    const find = (selector) => element.shadowRoot.querySelector(selector);

    async function show(rows, { mayAct = true, readOnly = false } = {}) {
        element = createElement('c-idv-status', { is: IdvStatus });
        element.recordId = RECORD;
        element.readOnly = readOnly;
        document.body.appendChild(element);
        await settle();
        status.emit({ mayAct, rows });
        await settle();
    }

    beforeEach(() => {
        jest.useFakeTimers();
        isEmpEnabled.mockResolvedValue(true);
        subscribe.mockImplementation((channel, replay, callback) => {
            hear = callback;
            return Promise.resolve({ channel });
        });
    });

    afterEach(() => {
        while (document.body.firstChild) {
            document.body.removeChild(document.body.firstChild);
        }
        jest.clearAllMocks();
        jest.useRealTimers();
    });

    it('asks for the record it is on and shows how its verifications stand', async () => {
        await show([verified]);
        expect(status.getLastConfig()).toEqual({ recordId: RECORD });
        expect(find('.slds-badge').textContent).toBe('c.Ipse_Status_succeeded');
        expect(find('.slds-badge').className).toContain('slds-theme_success');
        expect(find('.none')).toBeNull();
    });

    it('says so when nobody was asked', async () => {
        await show([]);
        expect(find('.none').textContent).toBe('c.Ipse_None');
        expect(find('.quiet')).toBeNull();
    });

    it('shows a success that is not valid any more as no success', async () => {
        await show([{ ...verified, isValid: false }]);
        expect(find('.slds-badge').className).not.toContain('slds-theme_success');
    });

    it('says when a success was used, and until when only while it may be relied on', async () => {
        await show([verified]);
        expect(find('.used')).toBeNull();
        expect(find('.row').textContent).toContain('c.Ipse_Valid_Until');
        document.body.removeChild(element);
        await show([{ ...verified, isValid: false, usedAt: '2026-11-21T10:01:00.000Z' }]);
        expect(find('.used').textContent).toContain('c.Ipse_Used_At');
        expect(find('.row').textContent).not.toContain('c.Ipse_Valid_Until');
    });

    it('listens from now on, and stops when it is removed', async () => {
        await show([running]);
        expect(subscribe.mock.calls[0].slice(0, 2)).toEqual(['/event/Verification_Result__e', -1]);
        document.body.removeChild(element);
        expect(unsubscribe).toHaveBeenCalledTimes(1);
    });

    it('stops even if it is removed before the subscription was there', async () => {
        let finish;
        subscribe.mockReturnValue(
            new Promise((resolve) => {
                finish = resolve;
            })
        );
        await show([running]);
        document.body.removeChild(element);
        finish({ channel: 'x' });
        await settle();
        expect(unsubscribe).toHaveBeenCalledTimes(1);
    });

    it('reads the record when an event about it comes, and believes nothing of the event', async () => {
        await show([running]);
        hear({
            data: {
                payload: {
                    Verification_Id__c: 'ver_1',
                    Related_Record_Id__c: RECORD,
                    Status__c: 'succeeded',
                    Decision__c: 'approved'
                }
            }
        });
        await settle();
        expect(find('.slds-badge').textContent).toBe('c.Ipse_Status_link_sent');
        expect(element.decision).toBe('');
        await jest.advanceTimersByTimeAsync(1000);
        expect(refreshApex).toHaveBeenCalledTimes(1);
        await jest.advanceTimersByTimeAsync(10000);
        expect(refreshApex).toHaveBeenCalledTimes(3);
    });

    it('ignores events about other records, and broken ones', async () => {
        await show([running]);
        hear({ data: { payload: { Verification_Id__c: 'ver_2', Related_Record_Id__c: '500000000000002AAA' } } });
        hear({ data: {} });
        hear(undefined);
        await jest.advanceTimersByTimeAsync(20000);
        expect(refreshApex).not.toHaveBeenCalled();
    });

    it('tells the flow around it when there is a decision', async () => {
        await show([running]);
        const told = jest.fn();
        element.addEventListener('lightning__flowattributechange', told);
        element.addEventListener('flowattributechange', told);
        status.emit({ mayAct: true, rows: [verified] });
        await settle();
        expect(element.decision).toBe('approved');
        expect(told).toHaveBeenCalledTimes(1);
    });

    it('asks the server by itself where no events arrive, until nothing runs any more', async () => {
        isEmpEnabled.mockResolvedValue(false);
        refresh.mockResolvedValue(undefined);
        await show([running]);
        expect(find('.quiet')).not.toBeNull();
        await jest.advanceTimersByTimeAsync(20000);
        expect(refresh).toHaveBeenCalledWith({ recordId: RECORD });
        status.emit({ mayAct: true, rows: [verified] });
        await jest.advanceTimersByTimeAsync(60000);
        expect(refresh).toHaveBeenCalledTimes(1);
    });

    it.each([
        ['the connection breaks', () => onError.mock.calls[0][0]({})],
        ['subscribing fails', () => undefined]
    ])('goes on by asking when %s', async (_, happen) => {
        if (_ === 'subscribing fails') {
            subscribe.mockRejectedValue(new Error('no'));
        }
        await show([running]);
        happen();
        await settle();
        expect(find('.quiet')).not.toBeNull();
    });

    it('starts, and shows a link once', async () => {
        await show([]);
        start.mockResolvedValue({ outcome: 'opened', link: 'https://ipse.example.com/v/abc' });
        find('.start').dispatchEvent(new CustomEvent('select', { detail: { value: 'none' } }));
        await settle();
        expect(start).toHaveBeenCalledWith({ recordId: RECORD, delivery: 'none' });
        expect(find('.link').value).toBe('https://ipse.example.com/v/abc');
        expect(refreshApex).toHaveBeenCalled();
        refresh.mockResolvedValue(undefined);
        find('.refresh').click();
        await settle();
        expect(find('.link')).toBeNull();
    });

    it('says when a request is queued', async () => {
        await show([]);
        start.mockResolvedValue({ outcome: 'queued' });
        find('.start').dispatchEvent(new CustomEvent('select', { detail: { value: 'email' } }));
        await settle();
        expect(find('.notice').textContent).toBe('c.Ipse_Queued');
    });

    it.each([
        ['resend', resend],
        ['cancel', cancel]
    ])('offers to %s what runs', async (name, action) => {
        await show([running]);
        action.mockResolvedValue(undefined);
        find(`.${name}`).click();
        await settle();
        expect(action).toHaveBeenCalledWith({ verificationRecordId: running.id });
    });

    it('does one thing at a time', async () => {
        await show([running]);
        resend.mockReturnValue(new Promise(() => {}));
        find('.resend').click();
        await settle();
        find('.resend').click();
        expect(resend).toHaveBeenCalledTimes(1);
    });

    it.each([
        ['contact_too_new', 'c.Ipse_Error_contact_too_new'],
        ['something_else', 'c.Ipse_Error_other'],
        ['<b>words</b>', 'c.Ipse_Error_other'],
        [undefined, 'c.Ipse_Error_other']
    ])('says what went wrong: %s', async (code, sentence) => {
        await show([]);
        start.mockRejectedValue({ body: { message: code } });
        find('.start').dispatchEvent(new CustomEvent('select', { detail: { value: 'email' } }));
        await settle();
        expect(find('.problem').textContent).toBe(sentence);
    });

    it('offers nothing without the permission, nor where it only shows', async () => {
        await show([running], { mayAct: false });
        expect(find('.resend')).toBeNull();
        document.body.removeChild(element);
        await show([], { readOnly: true });
        expect(find('.start')).toBeNull();
    });

    it('offers no second request while one runs', async () => {
        await show([running]);
        expect(find('.start')).toBeNull();
    });

    it('says so when the record cannot be read', async () => {
        element = createElement('c-idv-status', { is: IdvStatus });
        element.recordId = RECORD;
        document.body.appendChild(element);
        await settle();
        status.error({ message: 'no_access' });
        await settle();
        expect(find('.problem').textContent).toBe('c.Ipse_Error_no_access');
    });

    it('is accessible', async () => {
        await show([running, { ...verified, id: 'a01000000000002AAA' }]);
        jest.useRealTimers();
        await expect(element).toBeAccessible();
    });
});
