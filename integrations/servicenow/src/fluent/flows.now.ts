import '@servicenow/sdk/global'
import { Action, Flow, Subflow, action, actionStep, trigger, wfa } from '@servicenow/sdk/automation'
import { BooleanColumn, ReferenceColumn, StringColumn } from '@servicenow/sdk/core'

// Makes the request. An error leaves the verification empty, which the subflow takes for "not verified".
export const requestVerification = Action(
    {
        $id: Now.ID['action_request'],
        name: 'Request Identity Verification',
        description: 'Asks the person on a record to prove who they are.',
        category: 'x_ipse_idv',
        access: 'public',
        inputs: {
            table_name: StringColumn({ label: 'Table', mandatory: true }),
            record_id: StringColumn({ label: 'Record (sys_id)', mandatory: true }),
        },
        outputs: {
            verification: ReferenceColumn({ label: 'Identity Verification', referenceTable: 'x_ipse_idv_verification' }),
            error: StringColumn({ label: 'Error' }),
        },
    },
    (params) => {
        const made = wfa.actionStep(
            actionStep.script,
            { $id: Now.ID['action_request_script'], label: 'Make the request' },
            {
                required_run_time: 'instance',
                script: Now.include('../scripts/flow-request.js'),
                inputVariables: {
                    table_name: { label: 'Table', value: wfa.dataPill(params.inputs.table_name, 'string') },
                    record_id: { label: 'Record', value: wfa.dataPill(params.inputs.record_id, 'string') },
                },
                outputVariables: {
                    verification: StringColumn({ label: 'verification' }),
                    error: StringColumn({ label: 'error' }),
                },
            }
        )
        wfa.assignActionOutputs(params.outputs, {
            verification: wfa.dataPill(made.verification, 'string'),
            error: wfa.dataPill(made.error, 'string'),
        } as any)
    }
)

// Pauses until the decision. Verified only if the very row says success afterwards: a timeout, a deleted row or an error
// lead to the other branch.
export const requireVerification = Subflow(
    {
        $id: Now.ID['subflow_require'],
        name: 'Require Identity Verification',
        description: 'Asks for a verification, waits for its end, and says whether it succeeded.',
        runAs: 'system',
        access: 'public',
        inputs: {
            table_name: StringColumn({ label: 'Table', mandatory: true }),
            record_id: StringColumn({ label: 'Record (sys_id)', mandatory: true }),
        },
        outputs: { verified: BooleanColumn({ label: 'Verified' }) },
    },
    (params) => {
        const asked = wfa.action(
            requestVerification,
            { $id: Now.ID['subflow_require_request'] },
            {
                table_name: wfa.dataPill(params.inputs.table_name, 'string'),
                record_id: wfa.dataPill(params.inputs.record_id, 'string'),
            }
        )
        const waited = wfa.action(
            action.core.waitForCondition,
            { $id: Now.ID['subflow_require_wait'], annotation: 'Until the verification has ended' },
            {
                table_name: 'x_ipse_idv_verification',
                record: `${wfa.dataPill(asked.verification, 'reference')}`,
                conditions: 'statusINsuccess,failed,failure,overridden',
                timeout_flag: true,
                timeout_duration: Duration({ days: 1 }),
            }
        )
        const found = wfa.action(
            action.core.lookUpRecord,
            { $id: Now.ID['subflow_require_look'] },
            { table: 'x_ipse_idv_verification', conditions: `sys_id=${wfa.dataPill(asked.verification, 'reference')}^status=success^test=false` } as any
        )
        wfa.flowLogic.if(
            { $id: Now.ID['subflow_require_if'], condition: `${wfa.dataPill(waited.state, 'string')}=0^${wfa.dataPill((found as any).status, 'string')}=0`, annotation: 'It ended, and with success' },
            () => {
                wfa.flowLogic.assignSubflowOutputs({ $id: Now.ID['subflow_require_yes'] }, params.outputs, { verified: true } as any)
            }
        )
        wfa.flowLogic.else({ $id: Now.ID['subflow_require_else'] }, () => {
            wfa.flowLogic.assignSubflowOutputs({ $id: Now.ID['subflow_require_no'] }, params.outputs, { verified: false } as any)
        })
    }
)

// An example to copy: the request of a password-reset incident. Shipped as a draft, so switched off.
export const gateFlow = Flow(
    { $id: Now.ID['flow_gate'], name: 'Ipse: gate password-reset incidents', runAs: 'system', description: 'Requires identity verification when an incident of the category password_reset is opened.' },
    wfa.trigger(trigger.record.created, { $id: Now.ID['flow_gate_trigger'] }, { table: 'incident', condition: 'category=password_reset', run_flow_in: 'background' }),
    (params) => {
        wfa.subflow(requireVerification, { $id: Now.ID['flow_gate_subflow'] }, {
            table_name: 'incident',
            record_id: wfa.dataPill(params.trigger.current.sys_id, 'string') as any,
            waitForCompletion: true,
        } as any)
    }
)
