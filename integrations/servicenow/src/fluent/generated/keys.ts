import '@servicenow/sdk/global'

declare global {
    namespace Now {
        namespace Internal {
            interface Keys extends KeysRegistry {
                explicit: {
                    acl_admin_ajax: {
                        table: 'sys_security_acl'
                        id: '8457f47f2568450b9563faa98021778c'
                    }
                    acl_ajax: {
                        table: 'sys_security_acl'
                        id: 'def4ab62e0e4421aac297507e40674e1'
                    }
                    acl_config_create: {
                        table: 'sys_security_acl'
                        id: 'e06f807f9917456498d2a710cec01c71'
                    }
                    acl_config_delete: {
                        table: 'sys_security_acl'
                        id: '8d6811059dbf47cf9194503fcba2967a'
                    }
                    acl_config_read: {
                        table: 'sys_security_acl'
                        id: 'e863c34a39f547ebacb95856af32c6ce'
                    }
                    acl_config_write: {
                        table: 'sys_security_acl'
                        id: '99a88b1e7c77461182dea2038a83843e'
                    }
                    acl_page_about: {
                        table: 'sys_security_acl'
                        id: 'dcaab689083f4b79a553a3e4e2b2aa62'
                    }
                    acl_page_configuration: {
                        table: 'sys_security_acl'
                        id: '22f44671059842e4972ebc57e208f824'
                    }
                    acl_page_getting_started: {
                        table: 'sys_security_acl'
                        id: 'fd710d0c870b4a49ac7f94cd8cf52db5'
                    }
                    acl_page_qr: {
                        table: 'sys_security_acl'
                        id: '58b68cf1e4fa44cb9af52499560c71e9'
                    }
                    acl_rule_create: {
                        table: 'sys_security_acl'
                        id: '492f917dfb514694a8ff5fe347c02383'
                    }
                    acl_rule_delete: {
                        table: 'sys_security_acl'
                        id: '276eb88189e346d09fbd80e93b02e5db'
                    }
                    acl_rule_read: {
                        table: 'sys_security_acl'
                        id: 'f5e8c8d721a748db9e4e43c8eb7092a9'
                    }
                    acl_rule_write: {
                        table: 'sys_security_acl'
                        id: '8b7ec55219654a9d80d60702317951fb'
                    }
                    acl_verification_create: {
                        table: 'sys_security_acl'
                        id: '501b2b19ae1144988148cb4aef195c41'
                    }
                    acl_verification_delete: {
                        table: 'sys_security_acl'
                        id: '050ccf1637114d398d2c16a350b86522'
                    }
                    acl_verification_link: {
                        table: 'sys_security_acl'
                        id: 'cc59bfc8de5a491ebd2326916b4de818'
                    }
                    acl_verification_read: {
                        table: 'sys_security_acl'
                        id: 'cdecc7bd7b80435eb6c561cc81248f38'
                    }
                    acl_verification_read_fields: {
                        table: 'sys_security_acl'
                        id: 'e479adac99dd4b45b7e54345ad68cf4f'
                    }
                    acl_verification_write: {
                        table: 'sys_security_acl'
                        id: '0af6dbf14c494660bdbc18081c561b00'
                    }
                    acl_webhook: {
                        table: 'sys_security_acl'
                        id: '3077fc6c86ae4e6f878af93f40098a83'
                    }
                    action_request: {
                        table: 'sys_hub_action_type_definition'
                        id: 'ceae28637b7640c595448f63787fb9f2'
                    }
                    action_request_script: {
                        table: 'sys_hub_step_instance'
                        id: '029f10a45a274b1aa07d58553c25d891'
                    }
                    atf_access: {
                        table: 'sys_atf_test'
                        id: '99cacb1fd2b749f082890738d6639130'
                    }
                    atf_access_script: {
                        table: 'sys_atf_step'
                        id: '3396045679154843adf617fc29228360'
                    }
                    atf_field: {
                        table: 'sys_atf_test'
                        id: '73faa27be8664b26b6f39092917a9d24'
                    }
                    atf_field_script: {
                        table: 'sys_atf_step'
                        id: '1e494cb76a2f4d5e922bbc17107742e2'
                    }
                    atf_gate: {
                        table: 'sys_atf_test'
                        id: '1e7a90f225fa4e2b9740095af69439a2'
                    }
                    atf_gate_script: {
                        table: 'sys_atf_step'
                        id: 'e203444d8438454a895bf7269b690fcf'
                    }
                    atf_signature: {
                        table: 'sys_atf_test'
                        id: 'faa5c2de82704e2998cf8213008b75e7'
                    }
                    atf_signature_script: {
                        table: 'sys_atf_step'
                        id: 'a1d1f108c72a449b83fc5b2166613e83'
                    }
                    atf_webhook: {
                        table: 'sys_atf_test'
                        id: '4499396c963646f0bd68487d79b0e7aa'
                    }
                    atf_webhook_script: {
                        table: 'sys_atf_step'
                        id: 'ed2c9486f5ff4411bf094c4fafa6e71f'
                    }
                    atf_webhook_send: {
                        table: 'sys_atf_step'
                        id: '997926b4e5394fec90687a4ef202376b'
                    }
                    atf_webhook_status: {
                        table: 'sys_atf_step'
                        id: 'd1f69d3cf5884f3386b64ab65ffb4654'
                    }
                    bom_json: {
                        table: 'sys_module'
                        id: '22cef3b34e1b4ddda9d2df21c20fc2c4'
                    }
                    br_carry_out: {
                        table: 'sys_script'
                        id: 'fa0945b80b614d17958f0650c172d11e'
                    }
                    br_complete: {
                        table: 'sys_script'
                        id: '4f672daa535346839da867fe666185d7'
                    }
                    br_display_change_request: {
                        table: 'sys_script'
                        id: '2e432aa21bf44c9fb44bdddde1efd2ac'
                    }
                    br_display_incident: {
                        table: 'sys_script'
                        id: 'aefec5f30f314282874a0d7731df58fe'
                    }
                    br_display_sc_req_item: {
                        table: 'sys_script'
                        id: '1d05f290b2894b74bae138f0d8e3f029'
                    }
                    br_display_sc_request: {
                        table: 'sys_script'
                        id: '34f5ff9a065b459688ac7cf25779498c'
                    }
                    br_display_sc_task: {
                        table: 'sys_script'
                        id: 'a54ae63f77c949bf9bcec46ab71e3ac4'
                    }
                    br_display_sn_hr_core_case: {
                        table: 'sys_script'
                        id: '4d4b0e478c8848e18895f3a2e31dd6a5'
                    }
                    br_example: {
                        table: 'sys_script'
                        id: '1dcbbd8c658147e0950a8fefc873fbae'
                    }
                    br_follow_change_request: {
                        table: 'sys_script'
                        id: '5e4586f6bb164349800e48fd138da6d8'
                    }
                    br_follow_incident: {
                        table: 'sys_script'
                        id: '91d00e8a12884f3fa81108792677c45c'
                    }
                    br_follow_sc_req_item: {
                        table: 'sys_script'
                        id: '8c6fadfab5c84631b36045848593698a'
                    }
                    br_follow_sc_request: {
                        table: 'sys_script'
                        id: 'ab0e82dbc90c4efd98174f1f67b10bc1'
                    }
                    br_follow_sc_task: {
                        table: 'sys_script'
                        id: 'e66c28c45db24c9c9baca5e78ce9daa4'
                    }
                    br_follow_sn_hr_core_case: {
                        table: 'sys_script'
                        id: '63f01d4b7a26417ebc1d000af3442fea'
                    }
                    br_gate_change_request: {
                        table: 'sys_script'
                        id: '40239cd3d8f942c59482619d748f771a'
                    }
                    br_gate_incident: {
                        table: 'sys_script'
                        id: '9f401339906f43b9a475da8910c73992'
                    }
                    br_gate_sc_req_item: {
                        table: 'sys_script'
                        id: '4506ede7f87c41c3a06d15fb28fd18a2'
                    }
                    br_gate_sc_request: {
                        table: 'sys_script'
                        id: 'd822955aef12452fbd103d1709db83fd'
                    }
                    br_gate_sc_task: {
                        table: 'sys_script'
                        id: 'd41452edbda94d09bdd915973ae918f3'
                    }
                    br_gate_sn_hr_core_case: {
                        table: 'sys_script'
                        id: 'ac7a4718be9d42bfa0efafc9ff54ba19'
                    }
                    br_point: {
                        table: 'sys_script'
                        id: 'cd3d5679a2524194817c2ff939f6e136'
                    }
                    cs_banner_change_request: {
                        table: 'sys_script_client'
                        id: '1d8c2fe053844704b6480d167a5a4d62'
                    }
                    cs_banner_incident: {
                        table: 'sys_script_client'
                        id: '42a8a67f4a994f3d8b8114431e0c948b'
                    }
                    cs_banner_sc_req_item: {
                        table: 'sys_script_client'
                        id: 'c8d3bdc832ad4917b3e84764940117d4'
                    }
                    cs_banner_sc_request: {
                        table: 'sys_script_client'
                        id: '0486707e29684b2f906373e6216783c4'
                    }
                    cs_banner_sc_task: {
                        table: 'sys_script_client'
                        id: 'd364551eef5c412d93240ce9e6e4888b'
                    }
                    cs_banner_sn_hr_core_case: {
                        table: 'sys_script_client'
                        id: '45e55a65f8ff42268cc8ca316060eed7'
                    }
                    csp_action: {
                        table: 'sys_scope_privilege'
                        id: '0fe963a5c3f34416a808ee2211d4f5a7'
                    }
                    csp_audit: {
                        table: 'sys_scope_privilege'
                        id: '53669341a5a24f5f92e8170920fc48ea'
                    }
                    csp_change_request_read: {
                        table: 'sys_scope_privilege'
                        id: '669c86d9000148799778bbf93bbabedc'
                    }
                    csp_change_request_write: {
                        table: 'sys_scope_privilege'
                        id: 'd542bfabaf9444b1876e5799b0e77db5'
                    }
                    csp_dictionary: {
                        table: 'sys_scope_privilege'
                        id: 'c18f89c85b2f429e9588f7d74e30a687'
                    }
                    csp_email: {
                        table: 'sys_scope_privilege'
                        id: '75c649ef484d4c3195f0c3caa767da98'
                    }
                    csp_flow: {
                        table: 'sys_scope_privilege'
                        id: 'a02c5a2966e648eca0eb87454939a062'
                    }
                    csp_incident_create: {
                        table: 'sys_scope_privilege'
                        id: 'acfbf230b22a450885fc74bd923b1802'
                    }
                    csp_incident_read: {
                        table: 'sys_scope_privilege'
                        id: '5bed3dbe51f04eb1a8e3367ae11527b2'
                    }
                    csp_incident_write: {
                        table: 'sys_scope_privilege'
                        id: '6a5441b9f308455f95fac1bef57f3648'
                    }
                    csp_sc_req_item_read: {
                        table: 'sys_scope_privilege'
                        id: 'a8f3e1ff8f504002a8f6cfebdbe01dd3'
                    }
                    csp_sc_req_item_write: {
                        table: 'sys_scope_privilege'
                        id: 'a2524e563d004b639199c1bbe18ba9c6'
                    }
                    csp_sc_request_read: {
                        table: 'sys_scope_privilege'
                        id: '9eb1b2a1e31b4dc380367e78dc6096ee'
                    }
                    csp_sc_request_write: {
                        table: 'sys_scope_privilege'
                        id: 'aa4ac798b470476e92ad584d0e2395eb'
                    }
                    csp_sc_task_read: {
                        table: 'sys_scope_privilege'
                        id: 'dd21e91832814eda8f3a170245c3d88f'
                    }
                    csp_sc_task_write: {
                        table: 'sys_scope_privilege'
                        id: 'fc0f258cd5704ba1b3d9fd2eeecb41e5'
                    }
                    csp_sn_hr_core_case_read: {
                        table: 'sys_scope_privilege'
                        id: '08b06d7a528d4c7ca178189fba7e6d69'
                    }
                    csp_sn_hr_core_case_write: {
                        table: 'sys_scope_privilege'
                        id: '5043d8748f2e473fb71e49d5711ca515'
                    }
                    csp_ui_element: {
                        table: 'sys_scope_privilege'
                        id: '26d183b521364c51b46b49debe7377de'
                    }
                    csp_user: {
                        table: 'sys_scope_privilege'
                        id: 'd3544ef988d944779c5340409cc0d6a4'
                    }
                    csp_user_role: {
                        table: 'sys_scope_privilege'
                        id: 'c08aa2a8785a4638b735e26139fc2326'
                    }
                    event_link: {
                        table: 'sysevent_register'
                        id: 'f0f634244d21426eb5e13bb0dc1d1703'
                    }
                    event_overridden: {
                        table: 'sysevent_register'
                        id: '82a556cdf9b24b89a5e486a981983463'
                    }
                    event_test_mail: {
                        table: 'sysevent_register'
                        id: 'bd48d1b1b2ad4168981423a6c90d54bf'
                    }
                    flow_gate: {
                        table: 'sys_hub_flow'
                        id: 'ed092252d26f4b20b926821803b0dfdf'
                    }
                    flow_gate_subflow: {
                        table: 'sys_hub_sub_flow_instance_v2'
                        id: '70293750e9154d1aa7ed8c3fd90cbe00'
                    }
                    flow_gate_trigger: {
                        table: 'sys_hub_trigger_instance_v2'
                        id: '70fbca8650cd4abfa8b3bdba2717dc2f'
                    }
                    job_reconcile: {
                        table: 'sysauto_script'
                        id: '0f2d0f3580524eafb55e11a42aaf3de1'
                    }
                    job_recurring: {
                        table: 'sysauto_script'
                        id: '96bb2f1bfe7343f38b44eb20e1df1723'
                    }
                    mail_link: {
                        table: 'sysevent_email_action'
                        id: '814f3b176500417da5aeed1167592e2e'
                    }
                    mail_overridden: {
                        table: 'sysevent_email_action'
                        id: '362ef364cf47420f9a396fbab41d1614'
                    }
                    mail_script_from: {
                        table: 'sys_script_email'
                        id: '57934fac352147409e21ae6e605b6b70'
                    }
                    mail_test: {
                        table: 'sysevent_email_action'
                        id: '5c679201a97f44418fb0dca54fef2ae9'
                    }
                    menu: {
                        table: 'sys_app_application'
                        id: '825ef98005134308b6f5e45b042c743d'
                    }
                    module_accessibility: {
                        table: 'sys_app_module'
                        id: 'f392105435ed45598e31e303ede8416b'
                    }
                    module_configuration: {
                        table: 'sys_app_module'
                        id: '6535b12e80904e53bbb98a9bf1116b07'
                    }
                    module_overrides: {
                        table: 'sys_app_module'
                        id: '85c20c2aa7c84c8fac7f1419077917cd'
                    }
                    module_privacy: {
                        table: 'sys_app_module'
                        id: 'b886702b98a646bc8c0f24d725d3039f'
                    }
                    module_rules: {
                        table: 'sys_app_module'
                        id: '8be8fc4b44f1495e8f0af67703337f32'
                    }
                    module_started: {
                        table: 'sys_app_module'
                        id: '8e4e08ec706e4aa58d778b43c8919835'
                    }
                    module_support: {
                        table: 'sys_app_module'
                        id: 'ef7856301a9a472f85fa9c93e14a4877'
                    }
                    module_verifications: {
                        table: 'sys_app_module'
                        id: 'e93355e517f5429dbb27f21fc8234f4b'
                    }
                    package_json: {
                        table: 'sys_module'
                        id: '44c8407e48d3416d8ce1f7f97e1ae0e2'
                    }
                    prop_age: {
                        table: 'sys_properties'
                        id: '64b21a5cd3cc4ec79080567d75c611cd'
                    }
                    prop_agent: {
                        table: 'sys_properties'
                        id: '018b2ab999d34575a53fc6142e3433bd'
                    }
                    prop_country: {
                        table: 'sys_properties'
                        id: 'e2e2d5f32ecc4847a062793f5f37bc1f'
                    }
                    prop_person: {
                        table: 'sys_properties'
                        id: 'e96790cdd96246daa05a6d8254d13f67'
                    }
                    prop_qr: {
                        table: 'sys_properties'
                        id: '78a45d973557412d9f58aafb55947fb1'
                    }
                    prop_tolerance: {
                        table: 'sys_properties'
                        id: '48e8159b0ef84a5fad4f513b48e95af5'
                    }
                    prop_valid: {
                        table: 'sys_properties'
                        id: 'b8ca0e9062c74639a3313c0a9fb87ec0'
                    }
                    rest_header_id: {
                        table: 'sys_ws_header'
                        id: '370cc63645fc486bba18e471114e0b5d'
                    }
                    rest_header_signature: {
                        table: 'sys_ws_header'
                        id: '6866ec69f598456d94f98de4dd15c963'
                    }
                    rest_header_timestamp: {
                        table: 'sys_ws_header'
                        id: '758b09d7d30447dc80339c522ae441c7'
                    }
                    rest_webhook: {
                        table: 'sys_ws_definition'
                        id: '8f3c284af2c34b32a2e744fcf688962d'
                    }
                    rest_webhook_post: {
                        table: 'sys_ws_operation'
                        id: '857547541a8c49e08284f27ab4e23361'
                    }
                    rule_account_recovery: {
                        table: 'x_ipse_idv_rule'
                        id: 'ad6891b689914d0e935033e04ae59b3c'
                    }
                    rule_contractor_item: {
                        table: 'x_ipse_idv_rule'
                        id: '6655097e3410414595d43886fe8a02b8'
                    }
                    rule_contractor_task: {
                        table: 'x_ipse_idv_rule'
                        id: '1cbb413d035b480f9e828aa1eb2af977'
                    }
                    rule_finance: {
                        table: 'x_ipse_idv_rule'
                        id: '5f605818f9e24cc39ab658af1e00909e'
                    }
                    rule_hr_change: {
                        table: 'x_ipse_idv_rule'
                        id: '26c68ac6b04046188d7694d561f1eb00'
                    }
                    rule_onboarding: {
                        table: 'x_ipse_idv_rule'
                        id: '9d50d2b02d6640fda9d5bdd07c1817f3'
                    }
                    rule_password_reset: {
                        table: 'x_ipse_idv_rule'
                        id: 'fa0ed4b5ae67498f914baaa71809c745'
                    }
                    rule_privileged_change: {
                        table: 'x_ipse_idv_rule'
                        id: '0f2dfa20a15b48cb905d6ab04bd15811'
                    }
                    rule_quarterly: {
                        table: 'x_ipse_idv_rule'
                        id: 'e98a8945fbc34d8ca10f2a2d61bfe237'
                    }
                    script_qrcode: {
                        table: 'sys_ui_script'
                        id: '03c334d1564144e9ab84830259a4ad2c'
                    }
                    si_admin_ajax: {
                        table: 'sys_script_include'
                        id: '6f5a2c3f150546398d06aeb27dcc2fd9'
                    }
                    si_ajax: {
                        table: 'sys_script_include'
                        id: 'b05a328ec2ba4c13b6c696c807d419fc'
                    }
                    si_api: {
                        table: 'sys_script_include'
                        id: 'fd8be9b833e64005bde4d8f6a3686763'
                    }
                    si_checklist: {
                        table: 'sys_script_include'
                        id: 'd2624235b58b4559986972d405a1d58c'
                    }
                    si_config: {
                        table: 'sys_script_include'
                        id: '624442540fc34932a34cee0b8abd1e81'
                    }
                    si_contacts: {
                        table: 'sys_script_include'
                        id: '940f9c427a7248199631fb0f07aadf81'
                    }
                    si_form: {
                        table: 'sys_script_include'
                        id: 'f33d6bd4a3c64d1d9141211309a71c42'
                    }
                    si_gate: {
                        table: 'sys_script_include'
                        id: '3a88ef13d8654f899342fd98510a9fd9'
                    }
                    si_jobs: {
                        table: 'sys_script_include'
                        id: '6c748d8bd27041a3aa2dca83f853de92'
                    }
                    si_requests: {
                        table: 'sys_script_include'
                        id: 'a1d392b5490c4e1096e67771243a270a'
                    }
                    si_signature: {
                        table: 'sys_script_include'
                        id: '3ba621f233b44baa9c1c9768e5e17b6b'
                    }
                    si_status: {
                        table: 'sys_script_include'
                        id: 'e06a730487d8433d89919c0c193726db'
                    }
                    si_tickets: {
                        table: 'sys_script_include'
                        id: 'cad04590d60a45c89c2fdf1f6b31be21'
                    }
                    si_webhook: {
                        table: 'sys_script_include'
                        id: 'fc619ba6ef144288bdd05d4c74966030'
                    }
                    subflow_require: {
                        table: 'sys_hub_flow'
                        id: '3fe75b2480a54f469366d47007633a6c'
                    }
                    subflow_require_else: {
                        table: 'sys_hub_flow_logic_instance_v2'
                        id: 'c7572eaddb37439b907540ef35d241b6'
                    }
                    subflow_require_if: {
                        table: 'sys_hub_flow_logic_instance_v2'
                        id: 'b24777ca93f3423b9007e28574e5e8a6'
                    }
                    subflow_require_look: {
                        table: 'sys_hub_action_instance_v2'
                        id: '4cb390b860484cf2b8ad5ef62ddc509e'
                    }
                    subflow_require_no: {
                        table: 'sys_hub_flow_logic_instance_v2'
                        id: 'd7258599007b47b58405a7082f9bc866'
                    }
                    subflow_require_request: {
                        table: 'sys_hub_action_instance_v2'
                        id: 'a4cd7f6778b04dc99577d593fdf68600'
                    }
                    subflow_require_wait: {
                        table: 'sys_hub_action_instance_v2'
                        id: 'e44d7ae7716047b9b1d5bd02ebf62a0a'
                    }
                    subflow_require_yes: {
                        table: 'sys_hub_flow_logic_instance_v2'
                        id: '313b66f1b98542e399d9dd4d58323895'
                    }
                    ua_cancel: {
                        table: 'sys_ui_action'
                        id: '1f79a306f8a543b79c7e64669dc83e43'
                    }
                    ua_override: {
                        table: 'sys_ui_action'
                        id: '3a8535ac68b24f989d5fa00fd46be455'
                    }
                    ua_request_change_request: {
                        table: 'sys_ui_action'
                        id: '16e0cb4ef35240498ecab0a446cc19a7'
                    }
                    ua_request_incident: {
                        table: 'sys_ui_action'
                        id: '06fea59d85674c22a404a9f75a1381a0'
                    }
                    ua_request_sc_req_item: {
                        table: 'sys_ui_action'
                        id: 'e76c45590be049a4b89677c0bca114d2'
                    }
                    ua_request_sc_request: {
                        table: 'sys_ui_action'
                        id: '21554c18cc5149499bf1a12659ca31ea'
                    }
                    ua_request_sc_task: {
                        table: 'sys_ui_action'
                        id: 'cd288b9b643844f3b7c5a0b89f66e7e7'
                    }
                    ua_request_sn_hr_core_case: {
                        table: 'sys_ui_action'
                        id: '4585b3122a1d4985907b4e1ea54f9f38'
                    }
                    ua_resend: {
                        table: 'sys_ui_action'
                        id: '82ceb01dad334a458c58eb4cceaf1ff0'
                    }
                }
                composite: [
                    {
                        table: 'sys_hub_step_ext_output'
                        id: '00bb0e1c98c14061bcf696b24919a11f'
                        key: {
                            model: '029f10a45a274b1aa07d58553c25d891'
                            element: 'error'
                        }
                    },
                    {
                        table: 'sys_ui_action_role'
                        id: '016d9022278a497c89568ca4d44d0d51'
                        key: {
                            sys_ui_action: 'cd288b9b643844f3b7c5a0b89f66e7e7'
                            sys_user_role: {
                                id: '7adff4dc22044c10aa11ddd2c3cddea3'
                                key: {
                                    name: 'x_ipse_idv.admin'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '017100d0e7674578b87203506a427196'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'role'
                        }
                    },
                    {
                        table: 'sys_variable_value'
                        id: '01bfb7e06fd640a78369897d7565cd04'
                        key: {
                            document_key: '997926b4e5394fec90687a4ef202376b'
                            variable: '81e042650b3222000b7da95e93673aa2'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '01e11eab7a9d4dee97580b57db80cf17'
                        key: {
                            name: 'incident'
                            element: 'x_ipse_idv_required_by'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '0243dfa128d74126ae5b78725dcc9155'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'api_key'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '02b00b62834a4d149708f36eca754b9c'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'channel'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '054bf8f2f7c2412c8e71d8044e13dae7'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'condition'
                        }
                    },
                    {
                        table: 'sys_security_acl_role'
                        id: '05af5a1093d84b07961b7b8c03831289'
                        key: {
                            sys_security_acl: 'e863c34a39f547ebacb95856af32c6ce'
                            sys_user_role: {
                                id: '7adff4dc22044c10aa11ddd2c3cddea3'
                                key: {
                                    name: 'x_ipse_idv.admin'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_hub_flow_output'
                        id: '0610ddd0500c436ca6569cbd436883ef'
                        key: {
                            model: '3fe75b2480a54f469366d47007633a6c'
                            element: 'verified'
                        }
                    },
                    {
                        table: 'ua_table_licensing_config'
                        id: '06c2f4b322ad475d8fc4c54f9c89a348'
                        key: {
                            name: 'x_ipse_idv_config'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '07ebce07ecf842b9a40b5fd7352147df'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'client_secret'
                        }
                    },
                    {
                        table: 'sys_variable_value'
                        id: '09cf094e679c4b6d98d9f22db9d1587d'
                        key: {
                            document_key: 'a1d1f108c72a449b83fc5b2166613e83'
                            variable: '989d9e235324220002c6435723dc3484'
                        }
                    },
                    {
                        table: 'sys_choice_set'
                        id: '0addb393caa34493aa77bc6f1a82c2e5'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'delivery'
                        }
                    },
                    {
                        table: 'sys_db_object'
                        id: '0c44f45db4584e3b8e38c6d3ad1e98de'
                        key: {
                            name: 'sc_task'
                        }
                    },
                    {
                        table: 'sys_ui_page'
                        id: '0c806f553049406d835a2698470caaf2'
                        key: {
                            endpoint: 'x_ipse_idv_about.do'
                        }
                    },
                    {
                        table: 'ua_table_licensing_config'
                        id: '0c948091913e46e0a4f9f816103074c6'
                        key: {
                            name: 'sc_req_item'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '0ece36a44a114f7791d1ac9741d26fde'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'session_id'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '0f9926dd7c264588b2a433d9f006909a'
                        key: {
                            name: 'incident'
                            element: 'x_ipse_idv_verification'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '1043eac01c1c47fe8cf22a4b87a4d801'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'subject'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '10b68e7be07b4b0caa14ae5cd70d630c'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'integration_id'
                        }
                    },
                    {
                        table: 'sys_security_acl_role'
                        id: '1145e577794945e2833dc4a8359cb1f3'
                        key: {
                            sys_security_acl: '99a88b1e7c77461182dea2038a83843e'
                            sys_user_role: {
                                id: '7adff4dc22044c10aa11ddd2c3cddea3'
                                key: {
                                    name: 'x_ipse_idv.admin'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '119dbe1ac9814176b60fe574943dd664'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'auto_request'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '11ec90d32dcc46bbb988d39bf9dd411d'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'max_age_minutes'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_ws_header_map'
                        id: '129491bef63849108156aaa1a3490474'
                        key: {
                            web_service_operation: '857547541a8c49e08284f27ab4e23361'
                            web_service_header: '6866ec69f598456d94f98de4dd15c963'
                        }
                    },
                    {
                        table: 'sys_variable_value'
                        id: '131bf6992b5845fb80bce00066167428'
                        key: {
                            document_key: 'e203444d8438454a895bf7269b690fcf'
                            variable: '989d9e235324220002c6435723dc3484'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '131d74784b1140c88d444e627b15692c'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'token_path'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '13ab7d65056044aab31444faa69df4f8'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'auto_request'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_user_role_contains'
                        id: '14f3a42740f647088bb09b0b7a23583d'
                        key: {
                            role: {
                                id: '7adff4dc22044c10aa11ddd2c3cddea3'
                                key: {
                                    name: 'x_ipse_idv.admin'
                                }
                            }
                            contains: {
                                id: '19e6e54008304ff7a2b391762f1b7b70'
                                key: {
                                    name: 'x_ipse_idv.agent'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '1596f0f65ab5409fa647d48939a6e04b'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'requested_by'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '15f0ced38f064ed8938becc20fa9402d'
                        key: {
                            name: 'sc_req_item'
                            element: 'x_ipse_idv_verification'
                        }
                    },
                    {
                        table: 'sys_number'
                        id: '1610710999844191b5e9b5040b07fd50'
                        key: {
                            category: 'x_ipse_idv_verification'
                            prefix: 'IDV'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '16cbc1fd71504faebd72c309ff49ced7'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'source_record'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '1779ba75ab6f438cb4fa9e0f6360554c'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'webhook_endpoint'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '1816a945f8b14c06b6cef010620727b9'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'NULL'
                        }
                    },
                    {
                        table: 'sys_user_role'
                        id: '19e6e54008304ff7a2b391762f1b7b70'
                        key: {
                            name: 'x_ipse_idv.agent'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '1ac11f9711d04388b8ff889da64b378e'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'webhook_seen_at'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '1b05cb2f00fd40edb14ee8ecfc4efade'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'token_path'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '1ba9423e26e14a45925589bf923dae25'
                        key: {
                            name: 'sc_req_item'
                            element: 'x_ipse_idv_idv_status'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_security_acl_role'
                        id: '1c55d117371147e6927d3785b080b3cb'
                        key: {
                            sys_security_acl: '8b7ec55219654a9d80d60702317951fb'
                            sys_user_role: {
                                id: '7adff4dc22044c10aa11ddd2c3cddea3'
                                key: {
                                    name: 'x_ipse_idv.admin'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '1cf70fa9bfad4037a0685fd032f340c2'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'status_text'
                            language: 'en'
                        }
                    },
                    {
                        table: 'ua_table_licensing_config'
                        id: '1d64ba3437fb41f18cf3e8023fe43141'
                        key: {
                            name: 'change_request'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '1d7f110c72244895a29d6707b2aa968f'
                        key: {
                            name: 'sn_hr_core_case'
                            element: 'x_ipse_idv_required_by'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '1dba7e77c58b48cf8defd5a4a5d91a90'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'journey'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_ui_action_role'
                        id: '1e17a603b9c2498592fa7da6447bccab'
                        key: {
                            sys_ui_action: '1f79a306f8a543b79c7e64669dc83e43'
                            sys_user_role: {
                                id: '7adff4dc22044c10aa11ddd2c3cddea3'
                                key: {
                                    name: 'x_ipse_idv.admin'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_choice'
                        id: '2072645534fc44e8a7dafe81542e1919'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'channel'
                            value: 'sms'
                            language: 'en'
                            dependent_value: 'NULL'
                        }
                    },
                    {
                        table: 'sys_security_acl_role'
                        id: '20c2522259764ed8b999edce3a841b6d'
                        key: {
                            sys_security_acl: 'e06f807f9917456498d2a710cec01c71'
                            sys_user_role: {
                                id: '7adff4dc22044c10aa11ddd2c3cddea3'
                                key: {
                                    name: 'x_ipse_idv.admin'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '21a47ae773c045b3a6218017c652d32a'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'journey'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '220a12ae51ad40459649fcf21ab327da'
                        key: {
                            name: 'var__m_sys_hub_action_input_ceae28637b7640c595448f63787fb9f2'
                            element: 'table_name'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '226e39e7d8864ac1a13bc3d64b572d9b'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'token_expires_at'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '231e4102d44b4e17a6da39fdaf377ab4'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'example'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '244961b78b7e4d21bf68a238c1aa0cda'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'last_event'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '24ea2540738b484ca8f5872e0f43a890'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'call_problem'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '252cdc0e8df04db598856f3756fec808'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'subject_field'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_security_acl_role'
                        id: '2547ff43b2844db8a5a36a189ae0405a'
                        key: {
                            sys_security_acl: 'fd710d0c870b4a49ac7f94cd8cf52db5'
                            sys_user_role: {
                                id: '7adff4dc22044c10aa11ddd2c3cddea3'
                                key: {
                                    name: 'x_ipse_idv.admin'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '2587918fb5f44b3e9850b51f8f6ffd12'
                        key: {
                            name: 'sc_task'
                            element: 'x_ipse_idv_verification'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '25eefa6f7d444413b55bd3a86b245e3a'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'journey'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '26803c814bb440df9a7840ebd594ceb1'
                        key: {
                            name: 'sc_req_item'
                            element: 'x_ipse_idv_required_by'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_db_object'
                        id: '26aaf652c61e4e00aafbc144c587dd29'
                        key: {
                            name: 'change_request'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '270b9bb63127489784658862fcfed508'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'resends'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '287e8caa776d4698894a7e2a37974780'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'kind'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '2a36cbac8f4c4896831a5d44d8447283'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'active'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_hub_step_ext_input'
                        id: '2a90b3a2d9224db7a063f7f1a858c216'
                        key: {
                            model: '029f10a45a274b1aa07d58553c25d891'
                            element: 'record_id'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '2b4adc6fb986434594a9be8a69229134'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'journey'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '2baad5c3759b46799dbac981971b4c49'
                        key: {
                            name: 'sn_hr_core_case'
                            element: 'x_ipse_idv_idv_status'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '2d0406ba9abc485c99f4201526cdcefd'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'message'
                        }
                    },
                    {
                        table: 'sys_variable_value'
                        id: '2d6531db6e14490a88da37e7164c6fdc'
                        key: {
                            document_key: 'e203444d8438454a895bf7269b690fcf'
                            variable: '42f2564b73031300440211d8faf6a777'
                        }
                    },
                    {
                        table: 'sys_security_acl_role'
                        id: '2dbd6489755d4717937642551be7606c'
                        key: {
                            sys_security_acl: '0af6dbf14c494660bdbc18081c561b00'
                            sys_user_role: {
                                id: '7adff4dc22044c10aa11ddd2c3cddea3'
                                key: {
                                    name: 'x_ipse_idv.admin'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '2e10604e5e984010b05303b5f81419cc'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'expires_at'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '2ea347169a20481b9a581da359d71bc1'
                        key: {
                            name: 'change_request'
                            element: 'x_ipse_idv_verification'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '2ec1873e6f634a1095a72f44b5593106'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'attempt'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '2ec7dfa43e2d4dcf89d70ab78eea61c9'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'reasons'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_variable_value'
                        id: '3038a923a1b64963b52b0b2f6cc42f7c'
                        key: {
                            document_key: 'a1d1f108c72a449b83fc5b2166613e83'
                            variable: '42f2564b73031300440211d8faf6a777'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '30c4c9634d364a86b47c7948080ea5ca'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'scope'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '31a8f21f10ee44a7bfc63264b65896cf'
                        key: {
                            name: 'sc_task'
                            element: 'NULL'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '32053ef90ec545d8884239661023468e'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'mail_host'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '321b4c9ca8564605abf3013652169e0d'
                        key: {
                            name: 'var__m_sys_hub_flow_output_3fe75b2480a54f469366d47007633a6c'
                            element: 'verified'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '324df2b6ec2d498e98ea6849942ece4d'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'blocks'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_ui_action_role'
                        id: '325caa1bc87543eeae75ebec63bf9fce'
                        key: {
                            sys_ui_action: 'e76c45590be049a4b89677c0bca114d2'
                            sys_user_role: {
                                id: '19e6e54008304ff7a2b391762f1b7b70'
                                key: {
                                    name: 'x_ipse_idv.agent'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_variable_value'
                        id: '329870f301a44011b55b3f10daf22374'
                        key: {
                            document_key: 'ed2c9486f5ff4411bf094c4fafa6e71f'
                            variable: '42f2564b73031300440211d8faf6a777'
                        }
                    },
                    {
                        table: 'sys_choice_set'
                        id: '32a715793e81459d9b299b0d25244001'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'subject_field'
                        }
                    },
                    {
                        table: 'sys_variable_value'
                        id: '32e0f864a43045a6aea62d1ccfad5eef'
                        key: {
                            document_key: '997926b4e5394fec90687a4ef202376b'
                            variable: '50bff9250b3222000b7da95e93673a9b'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '32e90202ad484dfb9089e7a780be1c12'
                        key: {
                            name: 'sc_request'
                            element: 'x_ipse_idv_verification'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '34418f087b0942a88517689718c72c64'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'status'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '34cfc7bccc124b538adf8f4947e71562'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'mail_password'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '36b10fe1e07249dea77b722a24a94d32'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'requested_by'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '37c35cf29fa041c594131c30608c9d12'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'grant_type'
                        }
                    },
                    {
                        table: 'sys_hub_action_output'
                        id: '380bb7fb316443ad9896ecf1bb08e763'
                        key: {
                            model: 'ceae28637b7640c595448f63787fb9f2'
                            element: '__dont_treat_as_error__'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '383180778ae24ac49639f48e10886bbf'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'channel'
                        }
                    },
                    {
                        table: 'sys_ui_action_role'
                        id: '3881f9dca76e4278a62a97989c415b68'
                        key: {
                            sys_ui_action: '4585b3122a1d4985907b4e1ea54f9f38'
                            sys_user_role: {
                                id: '7adff4dc22044c10aa11ddd2c3cddea3'
                                key: {
                                    name: 'x_ipse_idv.admin'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_choice'
                        id: '38e96c4654904e639b50c3a53a75dbaa'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'channel'
                            value: 'email'
                            language: 'en'
                            dependent_value: 'NULL'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '39392c0734444c9c9b236a05bdddb47b'
                        key: {
                            name: 'sc_request'
                            element: 'x_ipse_idv_required_by'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '3a07d2c0c2964e8694d4172b1583681d'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'NULL'
                        }
                    },
                    {
                        table: 'sys_choice'
                        id: '3a094fa7c77f429cbab232140e401c85'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'status'
                            value: 'overridden'
                            language: 'en'
                            dependent_value: 'NULL'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '3a388129857d4844988b87f1991f7ee7'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'rule'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_db_object'
                        id: '3ac15f95eefe4f6e837bd2f362be70e4'
                        key: {
                            name: 'sc_request'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '3ac636b6128741a2ad0c7b2c22fcbcc0'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'from_name'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '3b1424baa9ca4bb18aff0e69548a907f'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'step_up_journey'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '3b1b53dcd5854e82b471f4380c37bac9'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'base_url'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_choice'
                        id: '4185f396df1b4b39ba297e0ef07fc3c0'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'status'
                            value: 'failure'
                            language: 'en'
                            dependent_value: 'NULL'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '42035f7404bd445cbd0c7ffb2399cea1'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'on_role_change'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_security_acl_role'
                        id: '42b2cf88d7d540788dee59599d65737b'
                        key: {
                            sys_security_acl: 'f5e8c8d721a748db9e4e43c8eb7092a9'
                            sys_user_role: {
                                id: '19e6e54008304ff7a2b391762f1b7b70'
                                key: {
                                    name: 'x_ipse_idv.agent'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '44302849d760467c90b7cd1c0d385c24'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'journey_levels'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '4487ce93bcc040feb8fe8e16ed60f6d7'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'purpose'
                        }
                    },
                    {
                        table: 'sys_choice'
                        id: '448f413679bd43caa5895dc806ae47ff'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'kind'
                            value: 'gate'
                            language: 'en'
                            dependent_value: 'NULL'
                        }
                    },
                    {
                        table: 'sys_hub_action_output'
                        id: '469e45b261214acebe1d66f8f697b1f2'
                        key: {
                            model: 'ceae28637b7640c595448f63787fb9f2'
                            element: '__action_status__'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '46d1cc1615d54d1a959a93458fa2db44'
                        key: {
                            name: 'var__m_sys_hub_flow_input_3fe75b2480a54f469366d47007633a6c'
                            element: 'record_id'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '46d2bc8c937343b69025fdec838b6b1e'
                        key: {
                            name: 'sc_request'
                            element: 'x_ipse_idv_idv_status'
                            language: 'en'
                        }
                    },
                    {
                        table: 'ua_table_licensing_config'
                        id: '46f2abf8fd9e4168b757b754a986155c'
                        key: {
                            name: 'x_ipse_idv_rule'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '470966bed5cc4e0e9187d3f6441f15da'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'name'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '479738d53aab44c495ad8956a0fbd322'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'status_at'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_security_acl_role'
                        id: '4a2cd62a3eea41d89654f749050b5f62'
                        key: {
                            sys_security_acl: 'cdecc7bd7b80435eb6c561cc81248f38'
                            sys_user_role: {
                                id: '19e6e54008304ff7a2b391762f1b7b70'
                                key: {
                                    name: 'x_ipse_idv.agent'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '4ac914f8623745d08e82eacde80238c7'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'problem'
                        }
                    },
                    {
                        table: 'sys_db_object'
                        id: '4b1a4fa2cf1449579e4c0a55ab661dcd'
                        key: {
                            name: 'sn_hr_core_case'
                        }
                    },
                    {
                        table: 'sys_hub_action_output'
                        id: '4bc6690c0c854e9693f8a67120439cf3'
                        key: {
                            model: 'ceae28637b7640c595448f63787fb9f2'
                            element: 'verification'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '4db1488ba2374780b380cbda232f5441'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'auth_server_url'
                        }
                    },
                    {
                        table: 'sys_ui_page'
                        id: '502e3518e6704d129fbe75dd9320b683'
                        key: {
                            endpoint: 'x_ipse_idv_configuration.do'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '532080c41f0f4186b43f05332940057f'
                        key: {
                            name: 'sn_hr_core_case'
                            element: 'x_ipse_idv_verification'
                        }
                    },
                    {
                        table: 'sys_ws_header_map'
                        id: '53233bc6a3e14fd180a87edc93724272'
                        key: {
                            web_service_operation: '857547541a8c49e08284f27ab4e23361'
                            web_service_header: '370cc63645fc486bba18e471114e0b5d'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '53aff0e5e78f4d958f8874ca29e2543f'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'access_token'
                        }
                    },
                    {
                        table: 'sys_choice'
                        id: '542bf08cacb447b0a302bdd097c4150c'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'channel'
                            value: 'sms'
                            language: 'en'
                            dependent_value: 'NULL'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '561827e032004695a03b32ffa3e6c4e5'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'channel'
                        }
                    },
                    {
                        table: 'sys_variable_value'
                        id: '563c3bb46e4641dd8a868b156c17b32a'
                        key: {
                            document_key: '997926b4e5394fec90687a4ef202376b'
                            variable: 'cec002650b3222000b7da95e93673aae'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '577e313fe3614fd2857c35034de24aa9'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'command'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '579e556611e647d2bb009873b347736f'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'assurance_level'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_db_object'
                        id: '57c3a12bc571431da9b07f0179766e7f'
                        key: {
                            name: 'sc_req_item'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '57ff6e52f8c24d628eac7ea3ab183c97'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'NULL'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '5a3ac8f2cc2b4a5c8786562e2eb2031e'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'api_key'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '5b933ba270c34f979d6af68d8fdf2ac2'
                        key: {
                            name: 'change_request'
                            element: 'x_ipse_idv_idv_status'
                        }
                    },
                    {
                        table: 'sys_variable_value'
                        id: '5e4466b71ee649709d6033e72c45a778'
                        key: {
                            document_key: '029f10a45a274b1aa07d58553c25d891'
                            variable: '74315b04b3201300176b051a16a8dc2b'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '5e9475237074480581336b975d45c406'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'expires_at'
                        }
                    },
                    {
                        table: 'sys_ui_action_role'
                        id: '5ec8bb355bb4498fb9043f6341c61b3c'
                        key: {
                            sys_ui_action: '16e0cb4ef35240498ecab0a446cc19a7'
                            sys_user_role: {
                                id: '19e6e54008304ff7a2b391762f1b7b70'
                                key: {
                                    name: 'x_ipse_idv.agent'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_choice'
                        id: '62c288cffda644979d5a0b3d4c042f08'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'command'
                            value: 'cancel'
                            language: 'en'
                            dependent_value: 'NULL'
                        }
                    },
                    {
                        table: 'sys_choice'
                        id: '63b70a8b662146b8ac2d81a74509f005'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'channel'
                            value: 'email'
                            language: 'en'
                            dependent_value: 'NULL'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '6401475e45284f868851e7cdfd636018'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'scope'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '65293cfef17445c7b462f3a79aaf7497'
                        key: {
                            name: 'sc_task'
                            element: 'x_ipse_idv_verification'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '6538cd8a158c4a5cb28a00808e69ea5c'
                        key: {
                            name: 'sn_hr_core_case'
                            element: 'NULL'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_security_acl_role'
                        id: '6547ab78028e44bcad3d16ef8ab84385'
                        key: {
                            sys_security_acl: 'def4ab62e0e4421aac297507e40674e1'
                            sys_user_role: {
                                id: '19e6e54008304ff7a2b391762f1b7b70'
                                key: {
                                    name: 'x_ipse_idv.agent'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_choice'
                        id: '660e3a6383254b2db56e0b7570eeec42'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'command'
                            value: 'check'
                            language: 'en'
                            dependent_value: 'NULL'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '6650ac9ba13a4289b8e6c9f360fd05ab'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'problem'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '6657bbfe69054adb8db9ecc8847f3ae6'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'number'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '67e6cb8a8ff2434ea16b729c9b1e893f'
                        key: {
                            name: 'var__m_sys_hub_action_input_ceae28637b7640c595448f63787fb9f2'
                            element: 'record_id'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_db_object'
                        id: '68775921f0164cd4a5c07d97d7231368'
                        key: {
                            name: 'x_ipse_idv_verification'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '6887293bb1034d0399f07d562347d761'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'NULL'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '6940de54fde54f89b2ef884de3e12a0c'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'link'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_choice'
                        id: '6a3610e9c5904caaa460f5ba3f94586b'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'delivery'
                            value: 'servicenow'
                            language: 'en'
                            dependent_value: 'NULL'
                        }
                    },
                    {
                        table: 'ua_table_licensing_config'
                        id: '6a78f75edfd94108a41bc87f7f2fbda1'
                        key: {
                            name: 'sc_task'
                        }
                    },
                    {
                        table: 'sys_db_object'
                        id: '6b02b431886d451b97f7a27b7887b959'
                        key: {
                            name: 'x_ipse_idv_rule'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '6b7f14450c5045f7a97bd0bb0d9a14f0'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'attempt'
                        }
                    },
                    {
                        table: 'sys_db_object'
                        id: '6d1ea0f4764d482a81689b7b44125b0e'
                        key: {
                            name: 'x_ipse_idv_config'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '6e70fd9a63d246d8b0736051c56074cc'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'mail_password'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_ui_action_role'
                        id: '6ee0ee5eecc64764b17fe05732163626'
                        key: {
                            sys_ui_action: '3a8535ac68b24f989d5fa00fd46be455'
                            sys_user_role: {
                                id: '7adff4dc22044c10aa11ddd2c3cddea3'
                                key: {
                                    name: 'x_ipse_idv.admin'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_db_object'
                        id: '707d3fe08f8d454bb671fa8477856519'
                        key: {
                            name: 'incident'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '71b79fe869c346748356a82ace39f91b'
                        key: {
                            name: 'incident'
                            element: 'x_ipse_idv_idv_status'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_security_acl_role'
                        id: '71daba0ed01b401cbd05b21c8ab83a92'
                        key: {
                            sys_security_acl: '8457f47f2568450b9563faa98021778c'
                            sys_user_role: {
                                id: '7adff4dc22044c10aa11ddd2c3cddea3'
                                key: {
                                    name: 'x_ipse_idv.admin'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '721cd87c07524599aeef056867309e48'
                        key: {
                            name: 'sc_req_item'
                            element: 'NULL'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '729f3b47594840a7965cfc29fb8fbbb2'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'test_mail_at'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_user_role'
                        id: '7311c7b1fad44db5a9605e81e0e143bf'
                        key: {
                            name: 'x_ipse_idv.webhook'
                        }
                    },
                    {
                        table: 'sys_security_acl_role'
                        id: '737f406be3a34ea399a030447d78a7ba'
                        key: {
                            sys_security_acl: '3077fc6c86ae4e6f878af93f40098a83'
                            sys_user_role: {
                                id: '7311c7b1fad44db5a9605e81e0e143bf'
                                key: {
                                    name: 'x_ipse_idv.webhook'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '73eae47b19824865ba42c4a9aeb235fb'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'call_problem'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '749ef4627d3b43bba8e4549cfde3b611'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'call_ok_at'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '74b0ae6949dc487fadfece6efa2b727f'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'every_days'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_choice'
                        id: '76fa07193a6d4d2abffdf3b5038e9491'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'subject_field'
                            value: 'sys_id'
                            language: 'en'
                            dependent_value: 'NULL'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '7741fc5541da42179cc82d60ff55942d'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'access_token'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '77f470a9f6eb4e1daf9b2a300001d7a1'
                        key: {
                            name: 'var__m_sys_hub_flow_input_3fe75b2480a54f469366d47007633a6c'
                            element: 'table_name'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_choice'
                        id: '78ab3bdaf9ee4c7a8f2d9d3a045fb141'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'status'
                            value: 'success'
                            language: 'en'
                            dependent_value: 'NULL'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '792c6ec42cff4610b0bcf03c3508fce3'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'same_record'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '79f2acb67bdc4b2e85e2eb0f8f2da991'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'assurance_level'
                        }
                    },
                    {
                        table: 'sys_hub_flow_input'
                        id: '7a619e3c625c4448afb06721838e84b6'
                        key: {
                            model: '3fe75b2480a54f469366d47007633a6c'
                            element: 'record_id'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '7a7ee7255106445dbd24efeef7e7ffaf'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'delivery'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_security_acl_role'
                        id: '7ac23d3caa9640ff9ec02149639c739b'
                        key: {
                            sys_security_acl: 'dcaab689083f4b79a553a3e4e2b2aa62'
                            sys_user_role: {
                                id: '19e6e54008304ff7a2b391762f1b7b70'
                                key: {
                                    name: 'x_ipse_idv.agent'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_user_role'
                        id: '7adff4dc22044c10aa11ddd2c3cddea3'
                        key: {
                            name: 'x_ipse_idv.admin'
                        }
                    },
                    {
                        table: 'sys_security_acl_role'
                        id: '7b748361fe40443192e1ff9f3df1b481'
                        key: {
                            sys_security_acl: '8d6811059dbf47cf9194503fcba2967a'
                            sys_user_role: {
                                id: '7adff4dc22044c10aa11ddd2c3cddea3'
                                key: {
                                    name: 'x_ipse_idv.admin'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_hub_action_input'
                        id: '7b97e1aee65144769a2daadda90a5269'
                        key: {
                            model: 'ceae28637b7640c595448f63787fb9f2'
                            element: 'record_id'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '7bc13bb9ccc349eab2af7600d2859470'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'finished_at'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '7f14fe1ccb4b4640bea41b2492ba1f95'
                        key: {
                            name: 'change_request'
                            element: 'x_ipse_idv_required_by'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '7fcb18d0ff874fec971ef943e22357f1'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'from_address'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '80756e5b28a44b0aaf68adfada91ca7f'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'resends'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '8123c4b70b084569ac1fbd9a4343a23f'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'role'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '8189533e93684e7cbbd37a176763c57c'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'purpose'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '81c852e13a6245a1a6f714d5a39dd6b4'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'client_id'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '8280bd72c4ad426a90ef76a291272821'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'client_secret'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_hub_step_ext_input'
                        id: '8290f542ec5544e2b94bbdd4127bd5aa'
                        key: {
                            model: '029f10a45a274b1aa07d58553c25d891'
                            element: 'table_name'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '82934ea8f6b449f29396ccf0ccef5431'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'link'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '8294bb46a5ef41f38fa81059de4bc466'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'mail_port'
                        }
                    },
                    {
                        table: 'sys_variable_value'
                        id: '82b4d5e2fc0b49fcb4fd459e3bef376a'
                        key: {
                            document_key: '997926b4e5394fec90687a4ef202376b'
                            variable: '59877da10b3222000b7da95e93673a56'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '83d890a073b64684b6455cf8c941e25f'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'test'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '843c4238034449639c6f83f7cec3f902'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'kind'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '8516df36d1d042dbb5fc687d52a88b28'
                        key: {
                            name: 'change_request'
                            element: 'x_ipse_idv_idv_status'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_hub_step_ext_output'
                        id: '863f56def75045849b003bb3594e0eac'
                        key: {
                            model: '029f10a45a274b1aa07d58553c25d891'
                            element: 'verification'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '868f96caf75d4a3bb65c39be951d7914'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'step_up_journey'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '87b2885a3b4d4c42ba8f951ac2217555'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'source_table'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_security_acl_role'
                        id: '87d39e7965994a64995b3dcfe8e4bb3c'
                        key: {
                            sys_security_acl: '492f917dfb514694a8ff5fe347c02383'
                            sys_user_role: {
                                id: '7adff4dc22044c10aa11ddd2c3cddea3'
                                key: {
                                    name: 'x_ipse_idv.admin'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_ui_action_role'
                        id: '8835f57ec12a4dd39a30d4311f447dcd'
                        key: {
                            sys_ui_action: '06fea59d85674c22a404a9f75a1381a0'
                            sys_user_role: {
                                id: '19e6e54008304ff7a2b391762f1b7b70'
                                key: {
                                    name: 'x_ipse_idv.agent'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '88ee9631f0b248898a78e96bc545eaad'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'source_record'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '892d670cb8cd45a5a7b93f1f35d2e2e3'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'test'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '894c661e58d4435a8232e5f2cc07730c'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'webhook_secret'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '8a6f88b4a7ae42b9a7431e75136c079c'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'webhook_secret_previous'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '8b2f79d396ff43b992bc671c13f9a03b'
                        key: {
                            name: 'sn_hr_core_case'
                            element: 'x_ipse_idv_verification'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_choice'
                        id: '8b59d9ae86f7418197d8eb0ca0bbf15a'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'status'
                            value: 'requested'
                            language: 'en'
                            dependent_value: 'NULL'
                        }
                    },
                    {
                        table: 'sys_variable_value'
                        id: '8c20e1b7baa54ef9a55aa9bd99788bd5'
                        key: {
                            document_key: '997926b4e5394fec90687a4ef202376b'
                            variable: '89ad06b543010210b6f9a0246bb8f2d7'
                        }
                    },
                    {
                        table: 'sys_choice_set'
                        id: '8c29207fb867413a8bc4bfe26b9dfdef'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'kind'
                        }
                    },
                    {
                        table: 'sys_hub_flow_input'
                        id: '8c6a173941a540c589189b68b3d6442f'
                        key: {
                            model: '3fe75b2480a54f469366d47007633a6c'
                            element: 'table_name'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '8dcda46bd6d846909d83a57e54a7c021'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'finished_at'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_choice'
                        id: '8f59239708d54f09a7ab1c9c00cc8b88'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'channel'
                            value: 'qr'
                            language: 'en'
                            dependent_value: 'NULL'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '8fb602eb7aac461f94e290a60f69cdcb'
                        key: {
                            name: 'var__m_sys_hub_action_output_ceae28637b7640c595448f63787fb9f2'
                            element: '__dont_treat_as_error__'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '9090fe3a4ff148f498de89a516a52536'
                        key: {
                            name: 'incident'
                            element: 'x_ipse_idv_required_by'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '915d84ace19a41beb3a059f1a2419afe'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'status_text'
                        }
                    },
                    {
                        table: 'sys_element_mapping'
                        id: '93ac2bffa1674dc4af2a4b451f984dec'
                        key: {
                            field: 'record_id'
                            table: 'var__m_sys_hub_step_ext_input_029f10a45a274b1aa07d58553c25d891'
                            id: '029f10a45a274b1aa07d58553c25d891'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '93d4a8ce1e084666854eeffe9295522e'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'example'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '946e5fe990e64389aff9cd3322afd48a'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'same_record'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '94b086aa6ec14f79937ba872aa16ef71'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'call_ok_at'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_choice'
                        id: '9542fd8f4df14b84a9520e8d9b6fda08'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'status'
                            value: 'pending_review'
                            language: 'en'
                            dependent_value: 'NULL'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '96239608b1c941c484bf6519b57406d7'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'last_event'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '962968b5542d4b5ba12d29a22c805a92'
                        key: {
                            name: 'change_request'
                            element: 'x_ipse_idv_verification'
                        }
                    },
                    {
                        table: 'sys_variable_value'
                        id: '976a57bb61b043bcbac146b015cfe3b9'
                        key: {
                            document_key: '3396045679154843adf617fc29228360'
                            variable: '989d9e235324220002c6435723dc3484'
                        }
                    },
                    {
                        table: 'sys_choice'
                        id: '97f5d958eb3c41d88348af519853e344'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'subject_field'
                            value: 'user_name'
                            language: 'en'
                            dependent_value: 'NULL'
                        }
                    },
                    {
                        table: 'sys_ui_action_role'
                        id: '983721ed3c3f4e238c1be5fe6e4d1929'
                        key: {
                            sys_ui_action: '4585b3122a1d4985907b4e1ea54f9f38'
                            sys_user_role: {
                                id: '19e6e54008304ff7a2b391762f1b7b70'
                                key: {
                                    name: 'x_ipse_idv.agent'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '9a7bd4ccfe0941fc8384e02d539c237f'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'journey'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '9ac900e8d97e4d78874c62118bb5a102'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'session_id'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '9ade6fae02504309b1faaf8ea2a7c668'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'webhook_secret'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '9bca58c47cc9441b92c7b6d18f76154d'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'journey'
                        }
                    },
                    {
                        table: 'sys_choice_set'
                        id: '9c48d3cbef7841bea1a83e316ed074b5'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'channel'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '9cf251c45b974c07a503274279474067'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'active'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: '9df638729132429f9e49ce274d2535ba'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'checked_at'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: '9fb3de782b164f529f5e595798af5ee5'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'number'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_choice_set'
                        id: 'a017340f83e74953a954aed69a7159e3'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'command'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'a0200e529fb9431ca2a18e48687998ef'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'override_reason'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'a079c92dd4d645e5b8dfef4265572e43'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'mail_host'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'a0d24e8b048241f3935afa10d2c173a7'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'status_at'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'a0f8d1f2a13d4b648a48cb331e31f371'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'mail_security'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_choice'
                        id: 'a1a1410652e84117ae261164f87ca26c'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'status'
                            value: 'link_sent'
                            language: 'en'
                            dependent_value: 'NULL'
                        }
                    },
                    {
                        table: 'sys_ui_action_role'
                        id: 'a1d164e9d5fe40bf80fd43d674bfd0d2'
                        key: {
                            sys_ui_action: '82ceb01dad334a458c58eb4cceaf1ff0'
                            sys_user_role: {
                                id: '7adff4dc22044c10aa11ddd2c3cddea3'
                                key: {
                                    name: 'x_ipse_idv.admin'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'a28b7f66d102450086ca02a5aa68db29'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'valid_until'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'a316b76def9244a0b347bf557a70dad5'
                        key: {
                            name: 'sc_request'
                            element: 'x_ipse_idv_required_by'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'a47d88d09a254ec28cdc34ce30c9a017'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'reasons'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'a589b72d62974f5e83a85b83b26cf7c2'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'condition'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_variable_value'
                        id: 'a5c5d3241ff34fb2b01b9361db6110d5'
                        key: {
                            document_key: 'ed2c9486f5ff4411bf094c4fafa6e71f'
                            variable: '989d9e235324220002c6435723dc3484'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'a5c60f91f29b474185d6750046672d30'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'webhook_seen_at'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'a68d10de04eb4c8aab9b68916e55297f'
                        key: {
                            name: 'sc_request'
                            element: 'x_ipse_idv_verification'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'a72a3c39f9a74ba698ea96e2878dc481'
                        key: {
                            name: 'sc_req_item'
                            element: 'x_ipse_idv_verification'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_ui_action_role'
                        id: 'a849e2df01fd464cbf31093ee0f55e40'
                        key: {
                            sys_ui_action: '21554c18cc5149499bf1a12659ca31ea'
                            sys_user_role: {
                                id: '7adff4dc22044c10aa11ddd2c3cddea3'
                                key: {
                                    name: 'x_ipse_idv.admin'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'a87d46d143bb4904bd256b09ac2531ca'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'journey_levels'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'a9340b5ed96f49af81848ba22a260394'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'delivery'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'a9f48aadd8c14e70899595b9c24c6ec2'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'assurance_level'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'aa852bee37204034bef8d012cb274ca4'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'source_table'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'aad094d0ad8240e9ba94bdd5bcde5044'
                        key: {
                            name: 'change_request'
                            element: 'NULL'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'ab16131b85c94f7eae18bf1c8202a750'
                        key: {
                            name: 'incident'
                            element: 'NULL'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'ac27acd7971343cea1618f56fbf8c3c0'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'mail_user'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_choice'
                        id: 'adf5f79623454c4f80645cf5353f53db'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'subject_field'
                            value: 'employee_number'
                            language: 'en'
                            dependent_value: 'NULL'
                        }
                    },
                    {
                        table: 'sys_variable_value'
                        id: 'af637e8a81664226b686c392423c9563'
                        key: {
                            document_key: '3396045679154843adf617fc29228360'
                            variable: '42f2564b73031300440211d8faf6a777'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'b05b9e0344224cbebdcc1d9447aab2a4'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'valid_until'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'b0fdfe509e0b46e6bf85fcee61c1595d'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'every_days'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'b15ad150fb22443b8525aa5b554ae5b0'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'applies_to'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'b18e702fbd6543eea8afa760e63bff48'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'checked_at'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'b1c74134e34849239d623bf08bc7518e'
                        key: {
                            name: 'sc_request'
                            element: 'NULL'
                            language: 'en'
                        }
                    },
                    {
                        table: 'ua_table_licensing_config'
                        id: 'b34dff7bc0d74d4288cc2c51ff288263'
                        key: {
                            name: 'x_ipse_idv_verification'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'b3d3712ad4cf464eb2a6eebb1126611d'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'subject'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'b4f1233b3d6b4b40bdde61dd5d990552'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'assurance_level'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_variable_value'
                        id: 'b50371f2b65a4a4792cc0b93f0f95896'
                        key: {
                            document_key: 'd1f69d3cf5884f3386b64ab65ffb4654'
                            variable: '9f5f67709f132200ef4afa7dc67fcf94'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'b68d695ed3a6433a8d5e20eae18b4382'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'mid_server'
                        }
                    },
                    {
                        table: 'sys_security_acl_role'
                        id: 'b6d6a6d889244e0aa36256b8882ed16c'
                        key: {
                            sys_security_acl: '22f44671059842e4972ebc57e208f824'
                            sys_user_role: {
                                id: '7adff4dc22044c10aa11ddd2c3cddea3'
                                key: {
                                    name: 'x_ipse_idv.admin'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'b969f924cd404543bcfc34a2f14a9e93'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'override_reason'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'b9e61ac5720c4b16b8cb34f562bf9c77'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'full_journey'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_variable_value'
                        id: 'baba33d35a7a47cca2ccff25ec98f2f3'
                        key: {
                            document_key: '029f10a45a274b1aa07d58553c25d891'
                            variable: '71aa7f6647032200b4fad7527c9a719b'
                        }
                    },
                    {
                        table: 'sys_choice_set'
                        id: 'badde2a713204801aff8c847c676a641'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'status'
                        }
                    },
                    {
                        table: 'sys_element_mapping'
                        id: 'bb89b035d62b4a028d9b0ddac364dc21'
                        key: {
                            field: 'table_name'
                            table: 'var__m_sys_hub_step_ext_input_029f10a45a274b1aa07d58553c25d891'
                            id: '029f10a45a274b1aa07d58553c25d891'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'beb457a455fd40b8abbf84c915b7abe5'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'auth_server_url'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'bf833530f0314b8c82ec216d60952930'
                        key: {
                            name: 'sc_task'
                            element: 'x_ipse_idv_idv_status'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'bfd225415c114f1bbf032430515168e6'
                        key: {
                            name: 'change_request'
                            element: 'x_ipse_idv_required_by'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_ui_action_role'
                        id: 'c03d7893647240d28a6987efebc32d77'
                        key: {
                            sys_ui_action: '21554c18cc5149499bf1a12659ca31ea'
                            sys_user_role: {
                                id: '19e6e54008304ff7a2b391762f1b7b70'
                                key: {
                                    name: 'x_ipse_idv.agent'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'c188c256fe0241ab80c21a12be15aa0c'
                        key: {
                            name: 'sc_req_item'
                            element: 'x_ipse_idv_idv_status'
                        }
                    },
                    {
                        table: 'sys_security_acl_role'
                        id: 'c2a747535efb49369126322071485720'
                        key: {
                            sys_security_acl: 'e479adac99dd4b45b7e54345ad68cf4f'
                            sys_user_role: {
                                id: '19e6e54008304ff7a2b391762f1b7b70'
                                key: {
                                    name: 'x_ipse_idv.agent'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'c3d37955393746f28f43b075592a7cbb'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'mail_user'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'c4f9730d944f4e6f96a8b740643dffcf'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'token_expires_at'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'c517617a78bd42b4974c71bc93af2d94'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'client_id'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'c570ab85a1634ba095aafeacf834a517'
                        key: {
                            name: 'var__m_sys_hub_action_output_ceae28637b7640c595448f63787fb9f2'
                            element: 'verification'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_variable_value'
                        id: 'c5c00bceded84811a6772d77cc169848'
                        key: {
                            document_key: '1e494cb76a2f4d5e922bbc17107742e2'
                            variable: '989d9e235324220002c6435723dc3484'
                        }
                    },
                    {
                        table: 'sys_security_acl_role'
                        id: 'c6330fca4e7f4e4b86cc8f8f5caeef4a'
                        key: {
                            sys_security_acl: '501b2b19ae1144988148cb4aef195c41'
                            sys_user_role: {
                                id: '7adff4dc22044c10aa11ddd2c3cddea3'
                                key: {
                                    name: 'x_ipse_idv.admin'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'c671475437374ba39b143c527e303929'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'webhook_endpoint'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'c6d1ed9c321040978bde37caad6b6390'
                        key: {
                            name: 'incident'
                            element: 'x_ipse_idv_verification'
                        }
                    },
                    {
                        table: 'sys_element_mapping'
                        id: 'c78f0c44d3d742aba3c2125a5dba87c9'
                        key: {
                            field: 'error'
                            table: 'var__m_sys_hub_action_output_ceae28637b7640c595448f63787fb9f2'
                            id: 'ceae28637b7640c595448f63787fb9f2'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'c7a59721fa5c429a8749529197e0a6bf'
                        key: {
                            name: 'sc_task'
                            element: 'x_ipse_idv_required_by'
                            language: 'en'
                        }
                    },
                    {
                        table: 'ua_table_licensing_config'
                        id: 'c80416325bed4cf6aca018d58f209783'
                        key: {
                            name: 'incident'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'c9349e56ed7140a4b2968530de9f50e3'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'rule'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'c949e10d3bbe4574afbe4c59a225fd6e'
                        key: {
                            name: 'sc_request'
                            element: 'x_ipse_idv_idv_status'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'c9e0648106864426a7536ef6b2b97e06'
                        key: {
                            name: 'var__m_sys_hub_action_output_ceae28637b7640c595448f63787fb9f2'
                            element: 'error'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'c9eb88604570495a9e3e9d0bcae345ec'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'channel'
                        }
                    },
                    {
                        table: 'sys_variable_value'
                        id: 'cab81f63f6284441a545d65728c26836'
                        key: {
                            document_key: '997926b4e5394fec90687a4ef202376b'
                            variable: '58408e250b3222000b7da95e93673a5c'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'cba944f122134aa4831675e2022387ef'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'from_address'
                        }
                    },
                    {
                        table: 'sys_choice_set'
                        id: 'cc437648c11846d2a1104983665eb4de'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'channel'
                        }
                    },
                    {
                        table: 'sys_hub_action_input'
                        id: 'cd3a290f82544ab6ab6b563c6f37d7b0'
                        key: {
                            model: 'ceae28637b7640c595448f63787fb9f2'
                            element: 'table_name'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'cdd47084821e49b7a2d440e51bb2d862'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'max_age_minutes'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'ce0d88f069684f7db8a305af17a62d72'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'name'
                        }
                    },
                    {
                        table: 'sys_security_acl_role'
                        id: 'cf15346cff17458a99343bd3a94cc766'
                        key: {
                            sys_security_acl: '58b68cf1e4fa44cb9af52499560c71e9'
                            sys_user_role: {
                                id: '19e6e54008304ff7a2b391762f1b7b70'
                                key: {
                                    name: 'x_ipse_idv.agent'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'd00d685950304a5aa6f0fde8a4bd04d9'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'full_journey'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'd01e12ce62724576afbb4345a5068e67'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'last_sequence'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'd134db7633ac49d6ac0242e91915e91b'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'subject_field'
                        }
                    },
                    {
                        table: 'sys_ui_page'
                        id: 'd198cae4b6ed47a89d64c3b8c7d5e75b'
                        key: {
                            endpoint: 'x_ipse_idv_getting_started.do'
                        }
                    },
                    {
                        table: 'sys_variable_value'
                        id: 'd1fb1deab6de4182b148b796e1bd9216'
                        key: {
                            document_key: 'd1f69d3cf5884f3386b64ab65ffb4654'
                            variable: '1d94cb1f3b8032000774229c93efc419'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'd22c6895a1054e61aaeaff5398b30d9c'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'active_key'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'd26b742f170047a9ad5009d84befac8d'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'integration_id'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_variable_value'
                        id: 'd38e022d7b994eb1a68d0eba9398de43'
                        key: {
                            document_key: '1e494cb76a2f4d5e922bbc17107742e2'
                            variable: '42f2564b73031300440211d8faf6a777'
                        }
                    },
                    {
                        table: 'sys_variable_value'
                        id: 'd3e4f2b4049a4af991572d41edf72d43'
                        key: {
                            document_key: '997926b4e5394fec90687a4ef202376b'
                            variable: '020a6af09fd32200ef4afa7dc67fcfec'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'd3e899897f3c4d699619e3f615df6581'
                        key: {
                            name: 'var__m_sys_hub_action_output_ceae28637b7640c595448f63787fb9f2'
                            element: '__action_status__'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_choice'
                        id: 'd5c464e461f944cca712225cdc7b8fa4'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'command'
                            value: 'resend'
                            language: 'en'
                            dependent_value: 'NULL'
                        }
                    },
                    {
                        table: 'sys_choice'
                        id: 'd6a570f791854446ab6181e7741fc7d8'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'status'
                            value: 'failed'
                            language: 'en'
                            dependent_value: 'NULL'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'd6aa9ea8fdba48fca9f32a82b19fd061'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'webhook_secret_previous'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'd71e937c7628411c9e0074c80f56ddaf'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'blocks'
                        }
                    },
                    {
                        table: 'sys_choice'
                        id: 'd7aee6c80eed421890eef0c4968fe659'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'delivery'
                            value: 'ipse'
                            language: 'en'
                            dependent_value: 'NULL'
                        }
                    },
                    {
                        table: 'sys_ui_action_role'
                        id: 'd9330093bd5a4834be046cd9dcd36fae'
                        key: {
                            sys_ui_action: '06fea59d85674c22a404a9f75a1381a0'
                            sys_user_role: {
                                id: '7adff4dc22044c10aa11ddd2c3cddea3'
                                key: {
                                    name: 'x_ipse_idv.admin'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_ui_action_role'
                        id: 'dabb652f29a048d3bc97b59e09671e7d'
                        key: {
                            sys_ui_action: '16e0cb4ef35240498ecab0a446cc19a7'
                            sys_user_role: {
                                id: '7adff4dc22044c10aa11ddd2c3cddea3'
                                key: {
                                    name: 'x_ipse_idv.admin'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_element_mapping'
                        id: 'dad1d65abcaa44ea91b4a8c713753296'
                        key: {
                            field: 'verification'
                            table: 'var__m_sys_hub_action_output_ceae28637b7640c595448f63787fb9f2'
                            id: 'ceae28637b7640c595448f63787fb9f2'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'db0c5ce2b37840e0acbfa8695c66130f'
                        key: {
                            name: 'sc_req_item'
                            element: 'x_ipse_idv_required_by'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'db2a8fc0638a47afa45ecb47e88d5049'
                        key: {
                            name: 'incident'
                            element: 'x_ipse_idv_idv_status'
                        }
                    },
                    {
                        table: 'sys_choice'
                        id: 'db4511dc64e44954bd9d21826c9893ce'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'status'
                            value: 'in_progress'
                            language: 'en'
                            dependent_value: 'NULL'
                        }
                    },
                    {
                        table: 'ua_table_licensing_config'
                        id: 'db6c200d95304cfcba60e6efb9265e35'
                        key: {
                            name: 'sn_hr_core_case'
                        }
                    },
                    {
                        table: 'sys_ui_action_role'
                        id: 'dba0c6ab3cb54b639375344cb5fdf50e'
                        key: {
                            sys_ui_action: 'e76c45590be049a4b89677c0bca114d2'
                            sys_user_role: {
                                id: '7adff4dc22044c10aa11ddd2c3cddea3'
                                key: {
                                    name: 'x_ipse_idv.admin'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'dc8c2d7dbdeb4c0ca6bfe77564cb7c21'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'last_sequence'
                        }
                    },
                    {
                        table: 'sys_variable_value'
                        id: 'dd73a3747dbd494a898c955f819446b4'
                        key: {
                            document_key: '997926b4e5394fec90687a4ef202376b'
                            variable: '6cdd0ab543010210b6f9a0246bb8f2f2'
                        }
                    },
                    {
                        table: 'sys_choice'
                        id: 'ded54afc52984bc78815880df3d484d8'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'kind'
                            value: 'recurring'
                            language: 'en'
                            dependent_value: 'NULL'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'df7abe2511a44f859c033454a992dcc8'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'channel'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_ui_action_role'
                        id: 'e06671f8312b43879ea147b1bc1a3189'
                        key: {
                            sys_ui_action: '82ceb01dad334a458c58eb4cceaf1ff0'
                            sys_user_role: {
                                id: '19e6e54008304ff7a2b391762f1b7b70'
                                key: {
                                    name: 'x_ipse_idv.agent'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'e1d7046700724fcbaea89088549d7d80'
                        key: {
                            name: 'sc_task'
                            element: 'x_ipse_idv_idv_status'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'e1f4a4adadbc41f89b9dd1b2cd9fa074'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'command'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'e2568a96b472414f9877d54e31efb962'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'mail_security'
                        }
                    },
                    {
                        table: 'sys_security_acl_role'
                        id: 'e4f5cd19af87410a8ab6b07c874237b4'
                        key: {
                            sys_security_acl: 'cc59bfc8de5a491ebd2326916b4de818'
                            sys_user_role: {
                                id: '7adff4dc22044c10aa11ddd2c3cddea3'
                                key: {
                                    name: 'x_ipse_idv.admin'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'e5db49651242493f9d7cbecea56f35cf'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'grant_type'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'e73a21915edb415cbcca738ca2354baf'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'applies_to'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'e7a16ea711b6403fbfa0fc9d2d204264'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'active_key'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'e9b3c525935e43b48b43597199258f82'
                        key: {
                            name: 'sn_hr_core_case'
                            element: 'x_ipse_idv_idv_status'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_hub_action_output'
                        id: 'ea0eb29c14524297bbd38508b440956e'
                        key: {
                            model: 'ceae28637b7640c595448f63787fb9f2'
                            element: 'error'
                        }
                    },
                    {
                        table: 'sys_ui_page'
                        id: 'eae05b9805594f64afde16cd28c978c8'
                        key: {
                            endpoint: 'x_ipse_idv_qr.do'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'eb0766d77784422aaa11c5a20b7a5e3c'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'mid_server'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_ws_header_map'
                        id: 'eb619c7a16ee4502b2434a9b2bdd5652'
                        key: {
                            web_service_operation: '857547541a8c49e08284f27ab4e23361'
                            web_service_header: '758b09d7d30447dc80339c522ae441c7'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'ebf56c49859442399cb75066510de049'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'channel'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'ec7134f33682488c8df39865991104ed'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'from_name'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'ecab63b5c5414c1b80eeecaf1695196f'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'mail_port'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'ed04dbdc40ca43a5a9c61cd5074fe6b9'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'test_mail_at'
                        }
                    },
                    {
                        table: 'ua_table_licensing_config'
                        id: 'efec3a582f014bc6a82fd874e43110c7'
                        key: {
                            name: 'sc_request'
                        }
                    },
                    {
                        table: 'sys_security_acl_role'
                        id: 'f0315239148448a38d519016b3546a15'
                        key: {
                            sys_security_acl: '276eb88189e346d09fbd80e93b02e5db'
                            sys_user_role: {
                                id: '7adff4dc22044c10aa11ddd2c3cddea3'
                                key: {
                                    name: 'x_ipse_idv.admin'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_security_acl_role'
                        id: 'f03b94620d8d4b17b9a6d63c9a465570'
                        key: {
                            sys_security_acl: '050ccf1637114d398d2c16a350b86522'
                            sys_user_role: {
                                id: '7adff4dc22044c10aa11ddd2c3cddea3'
                                key: {
                                    name: 'x_ipse_idv.admin'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'f0df8935c04b4bafa6c2e5d51cc9b02f'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'webhook_previous_until'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'f1e3793e853d451592029f8128fb1736'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'message'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_ui_action_role'
                        id: 'f2d8ad7b076d4599a12ea2084229bf59'
                        key: {
                            sys_ui_action: 'cd288b9b643844f3b7c5a0b89f66e7e7'
                            sys_user_role: {
                                id: '19e6e54008304ff7a2b391762f1b7b70'
                                key: {
                                    name: 'x_ipse_idv.agent'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_ui_action_role'
                        id: 'f328f55a00484fa0a994e89b05c81e1d'
                        key: {
                            sys_ui_action: '1f79a306f8a543b79c7e64669dc83e43'
                            sys_user_role: {
                                id: '19e6e54008304ff7a2b391762f1b7b70'
                                key: {
                                    name: 'x_ipse_idv.agent'
                                }
                            }
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'f45d60af30cf49c5bb92b0474c6be7ed'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'status'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'f5b0fd5c4dcb4f4eaaa7767bb3235f7a'
                        key: {
                            name: 'sc_task'
                            element: 'x_ipse_idv_required_by'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'f771dc6a3ab14f0b92493a6314cb5ab0'
                        key: {
                            name: 'x_ipse_idv_rule'
                            element: 'on_role_change'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'f82c364dcd8549fc809e91217d8d9264'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'base_url'
                        }
                    },
                    {
                        table: 'sys_choice'
                        id: 'f835bc8a21b944c9bbab4b8f24e51bba'
                        key: {
                            name: 'x_ipse_idv_verification'
                            element: 'command'
                            value: 'open'
                            language: 'en'
                            dependent_value: 'NULL'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'f888f31c5cfe4aec9d09c49349a749fb'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'webhook_previous_until'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'fa13205c12084913a58729dda9e847d4'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'NULL'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_documentation'
                        id: 'fca77abe70714c6ebca9c916ac2c5d71'
                        key: {
                            name: 'sn_hr_core_case'
                            element: 'x_ipse_idv_required_by'
                            language: 'en'
                        }
                    },
                    {
                        table: 'sys_dictionary'
                        id: 'ff424e8db1424dcba800bfd3cf82f90e'
                        key: {
                            name: 'x_ipse_idv_config'
                            element: 'NULL'
                        }
                    },
                ]
            }
        }
    }
}
