import '@servicenow/sdk/global'
import { ScriptInclude } from '@servicenow/sdk/core'

ScriptInclude({ $id: Now.ID['si_admin_ajax'], name: 'IpseAdminAjax', script: Now.include('../scripts/IpseAdminAjax.js'), clientCallable: true, accessibleFrom: 'package_private', description: 'Behind the configuration and Getting Started pages.' })
ScriptInclude({ $id: Now.ID['si_ajax'], name: 'IpseAjax', script: Now.include('../scripts/IpseAjax.js'), clientCallable: true, accessibleFrom: 'package_private', description: 'Behind the buttons and open forms.' })
ScriptInclude({ $id: Now.ID['si_api'], name: 'IpseApi', script: Now.include('../scripts/IpseApi.js'), accessibleFrom: 'package_private', description: 'Calls the Ipse server.' })
ScriptInclude({ $id: Now.ID['si_checklist'], name: 'IpseChecklist', script: Now.include('../scripts/IpseChecklist.js'), accessibleFrom: 'package_private', description: 'What has to be true before the first request.' })
ScriptInclude({ $id: Now.ID['si_config'], name: 'IpseConfig', script: Now.include('../scripts/IpseConfig.js'), accessibleFrom: 'package_private', description: 'Settings and secrets.' })
ScriptInclude({ $id: Now.ID['si_contacts'], name: 'IpseContacts', script: Now.include('../scripts/IpseContacts.js'), accessibleFrom: 'package_private', description: 'Addresses and numbers of the user record, and their age.' })
ScriptInclude({ $id: Now.ID['si_form'], name: 'IpseForm', script: Now.include('../scripts/IpseForm.js'), accessibleFrom: 'package_private', description: 'What forms show.' })
ScriptInclude({ $id: Now.ID['si_gate'], name: 'IpseGate', script: Now.include('../scripts/IpseGate.js'), accessibleFrom: 'public', description: 'isVerified(user, level, maxAgeMinutes) for your scripts; rules; overrides.' })
ScriptInclude({ $id: Now.ID['si_jobs'], name: 'IpseJobs', script: Now.include('../scripts/IpseJobs.js'), accessibleFrom: 'package_private', description: 'What happens by the clock.' })
ScriptInclude({ $id: Now.ID['si_requests'], name: 'IpseRequests', script: Now.include('../scripts/IpseRequests.js'), accessibleFrom: 'package_private', description: 'Asks for, sends again, cancels and follows verifications.' })
ScriptInclude({ $id: Now.ID['si_signature'], name: 'IpseSignature', script: Now.include('../scripts/IpseSignature.js'), accessibleFrom: 'package_private', description: 'Checks signatures after Standard Webhooks.' })
ScriptInclude({ $id: Now.ID['si_status'], name: 'IpseStatus', script: Now.include('../scripts/IpseStatus.js'), accessibleFrom: 'package_private', description: 'What news mean, and what tickets show.' })
ScriptInclude({ $id: Now.ID['si_tickets'], name: 'IpseTickets', script: Now.include('../scripts/IpseTickets.js'), accessibleFrom: 'package_private', description: 'Which records, and who the person on them is.' })
ScriptInclude({ $id: Now.ID['si_webhook'], name: 'IpseWebhook', script: Now.include('../scripts/IpseWebhook.js'), accessibleFrom: 'package_private', description: 'Takes signed events.' })
