import title from '@salesforce/label/c.Ipse_Card_Title';
import none from '@salesforce/label/c.Ipse_None';
import start from '@salesforce/label/c.Ipse_Start';
import startEmail from '@salesforce/label/c.Ipse_Start_Email';
import startSms from '@salesforce/label/c.Ipse_Start_Sms';
import startLink from '@salesforce/label/c.Ipse_Start_Link';
import resend from '@salesforce/label/c.Ipse_Resend';
import cancel from '@salesforce/label/c.Ipse_Cancel';
import refresh from '@salesforce/label/c.Ipse_Refresh';
import linkHint from '@salesforce/label/c.Ipse_Link_Hint';
import liveOff from '@salesforce/label/c.Ipse_Live_Off';
import validUntil from '@salesforce/label/c.Ipse_Valid_Until';
import usedAt from '@salesforce/label/c.Ipse_Used_At';
import finishedAt from '@salesforce/label/c.Ipse_Finished_At';
import assurance from '@salesforce/label/c.Ipse_Assurance';
import queued from '@salesforce/label/c.Ipse_Queued';
import stateRequested from '@salesforce/label/c.Ipse_Status_requested';
import stateCreated from '@salesforce/label/c.Ipse_Status_created';
import stateLinkSent from '@salesforce/label/c.Ipse_Status_link_sent';
import stateInProgress from '@salesforce/label/c.Ipse_Status_in_progress';
import stateProcessing from '@salesforce/label/c.Ipse_Status_processing';
import stateRequiresInput from '@salesforce/label/c.Ipse_Status_requires_input';
import statePendingReview from '@salesforce/label/c.Ipse_Status_pending_review';
import stateSucceeded from '@salesforce/label/c.Ipse_Status_succeeded';
import stateFailed from '@salesforce/label/c.Ipse_Status_failed';
import stateExpired from '@salesforce/label/c.Ipse_Status_expired';
import stateCancelled from '@salesforce/label/c.Ipse_Status_cancelled';
import stateDeclined from '@salesforce/label/c.Ipse_Status_declined';
import stateError from '@salesforce/label/c.Ipse_Status_error';
import stateTest from '@salesforce/label/c.Ipse_Status_test';
import errorPersonMissing from '@salesforce/label/c.Ipse_Error_person_missing';
import errorNoAccess from '@salesforce/label/c.Ipse_Error_no_access';
import errorNoContact from '@salesforce/label/c.Ipse_Error_no_contact';
import errorContactTooNew from '@salesforce/label/c.Ipse_Error_contact_too_new';
import errorWrongState from '@salesforce/label/c.Ipse_Error_wrong_state';
import errorNotPermitted from '@salesforce/label/c.Ipse_Error_not_permitted';
import errorUnreachable from '@salesforce/label/c.Ipse_Error_unreachable';
import errorRateLimited from '@salesforce/label/c.Ipse_Error_rate_limited';
import errorOther from '@salesforce/label/c.Ipse_Error_other';

export const LABELS = {
    title,
    none,
    start,
    startEmail,
    startSms,
    startLink,
    resend,
    cancel,
    refresh,
    linkHint,
    liveOff,
    validUntil,
    usedAt,
    finishedAt,
    assurance,
    queued
};

const STATES = {
    requested: stateRequested,
    created: stateCreated,
    link_sent: stateLinkSent,
    in_progress: stateInProgress,
    processing: stateProcessing,
    requires_input: stateRequiresInput,
    pending_review: statePendingReview,
    succeeded: stateSucceeded,
    failed: stateFailed,
    expired: stateExpired,
    cancelled: stateCancelled,
    declined: stateDeclined,
    error: stateError,
    test: stateTest
};

const PROBLEMS = {
    person_missing: errorPersonMissing,
    no_access: errorNoAccess,
    no_contact: errorNoContact,
    contact_too_new: errorContactTooNew,
    wrong_state: errorWrongState,
    not_permitted: errorNotPermitted,
    unreachable: errorUnreachable,
    rate_limited: errorRateLimited
};

/** What a status is called here. */
export function stateName(status) {
    return Object.hasOwn(STATES, status) ? STATES[status] : status;
}

/** The sentence for an error code; other words than a code are not shown. */
export function sentence(code) {
    const known = /^[a-z][a-z0-9_]{0,59}$/.test(code) ? code : 'unknown';
    return Object.hasOwn(PROBLEMS, known) ? PROBLEMS[known] : errorOther.replace('{0}', known);
}
