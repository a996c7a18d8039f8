use rstest::rstest;
use serde_json::json;

use super::*;
use crate::model::log_analytics::{ColumnType, LOG, WORK_ITEMS};
use crate::model::workspace::{AzureSignIn, Values, WorkspaceName};

const SUBSCRIPTION: &str = "11111111-2222-3333-4444-555555555555";
const OBJECT: &str = "99999999-8888-7777-6666-555555555555";

fn workspace() -> Workspace {
    Workspace {
        name: WorkspaceName::parse("prod").unwrap(),
        tenant: String::new(),
        sign_in: AzureSignIn::Cli,
        client_id: String::new(),
        token_file: String::new(),
        subscription: SUBSCRIPTION.to_owned(),
        resource_group: "rg-monitor".to_owned(),
        workspace: "contoso-logs".to_owned(),
        workspace_id: String::new(),
        location: String::new(),
        table: "ServiceDesk_CL".to_owned(),
        log_table: "ServiceDeskLog_CL".to_owned(),
        rule: String::new(),
        rule_id: String::new(),
        endpoint: String::new(),
        principal: String::new(),
        values: Values::Labels,
    }
}

fn wanted() -> Wanted {
    let principal = Principal { id: OBJECT.to_owned(), application: Some(true) };
    Wanted { principal: Some(principal), migrate: Vec::new() }
}

fn empty() -> Seen {
    Seen {
        workspace: json!({ "location": "West Europe", "properties": { "customerId": "w-guid" } }),
        ..Seen::default()
    }
}

fn plan(seen: &Seen) -> Plan {
    Plan::of(&workspace(), &wanted(), seen)
}

fn step(plan: &Plan, id: StepId) -> &Step {
    plan.steps.iter().find(|step| step.id == id).unwrap()
}

fn body(plan: &Plan, id: StepId) -> Value {
    step(plan, id).request.as_ref().unwrap().body.clone().unwrap()
}

/// What Resource Manager has after everything was made, with all that it does to it: other letter case, another order, more
/// fields.
fn made() -> Seen {
    let first = plan(&empty());
    let table = |id: StepId| {
        let mut table = body(&first, id);
        let columns = table["properties"]["schema"]["columns"].as_array_mut().unwrap();
        columns.reverse();
        for column in columns {
            column["isHidden"] = false.into();
            if column["type"] == "datetime" {
                column["type"] = "dateTime".into();
            }
        }
        table["properties"]["schema"]["tableSubType"] = "DataCollectionRuleBased".into();
        table["properties"]["schema"]["standardColumns"] = json!([{ "name": "TenantId", "type": "guid" }]);
        table["properties"]["plan"] = "Analytics".into();
        table["properties"]["totalRetentionInDays"] = 30.into();
        table["properties"]["totalRetentionInDaysAsDefault"] = true.into();
        table["properties"]["provisioningState"] = "Succeeded".into();
        Some(table)
    };
    let mut rule = body(&first, StepId::Rule);
    let properties = &mut rule["properties"];
    for stream in ["Custom-ServiceDesk_CL", "Custom-ServiceDeskLog_CL"] {
        properties["streamDeclarations"][stream]["columns"].as_array_mut().unwrap().reverse();
    }
    let id = &mut properties["destinations"]["logAnalytics"][0]["workspaceResourceId"];
    *id = id.as_str().unwrap().to_lowercase().into();
    properties["destinations"]["logAnalytics"][0]["workspaceId"] = "w-guid".into();
    properties["immutableId"] = "dcr-0123456789abcdef0123456789abcdef".into();
    properties["endpoints"] = json!({ "logsIngestion": "https://x.westeurope-1.ingest.monitor.azure.com" });
    properties["provisioningState"] = "Succeeded".into();
    let mut role = body(&first, StepId::Role);
    role["properties"]["principalId"] = OBJECT.to_uppercase().into();
    let mut search = body(&first, StepId::Function);
    search["id"] = step(&first, StepId::Function).resource.to_lowercase().into();
    search["properties"]["query"] = search["properties"]["query"].as_str().unwrap().replace('\n', "\r\n").into();
    let mut workbook = body(&first, StepId::Workbook);
    let source = workbook["properties"]["sourceId"].as_str().unwrap().to_lowercase();
    workbook["properties"]["sourceId"] = source.into();
    Seen {
        table: table(StepId::Table),
        log_table: table(StepId::LogTable),
        rule: Some(rule),
        roles: Roles::Listed(vec![role]),
        searches: vec![json!({ "id": "/x/savedSearches/other", "properties": { "query": "Heartbeat" } }), search],
        workbook: Some(workbook),
        ..empty()
    }
}

#[test]
fn an_empty_workspace_gets_everything_in_order() {
    let plan = plan(&empty());
    let order: Vec<StepId> = plan.steps.iter().map(|step| step.id).collect();
    use StepId::{Function, LogTable, Role, Rule, Table, Workbook};
    assert_eq!(order, [Table, LogTable, Rule, Function, Workbook, Role]);
    assert!(plan.steps.iter().all(|step| step.action == Action::Create && step.request.is_some()), "{plan:#?}");
    let table = body(&plan, Table);
    assert_eq!(table["properties"]["schema"]["columns"].as_array().unwrap().len(), WORK_ITEMS.len());
    let rule = body(&plan, Rule);
    assert_eq!((rule["kind"].as_str(), rule["location"].as_str()), (Some("Direct"), Some("westeurope")));
    let streams = &rule["properties"]["streamDeclarations"];
    assert_eq!(streams["Custom-ServiceDeskLog_CL"]["columns"].as_array().unwrap().len(), LOG.len());
    let flow = &rule["properties"]["dataFlows"][0];
    assert_eq!(flow["outputStream"], "Custom-ServiceDesk_CL");
    assert_eq!(flow["transformKql"], "source");
    let role = body(&plan, Role);
    assert_eq!(role["properties"]["principalType"], "ServicePrincipal");
    assert!(step(&plan, Role).resource.contains("/dataCollectionRules/itsmc-contoso-logs/providers/"));
    assert!(step(&plan, Rule).request.as_ref().unwrap().path.ends_with("?api-version=2023-03-11"));
}

#[test]
fn s14_a_second_plan_has_nothing_to_do() {
    let plan = plan(&made());
    assert!(plan.is_done(), "{:#?}", plan.steps.iter().filter(|step| !step.changes.is_empty()).collect::<Vec<_>>());
    let mut without_content = made();
    let workbook = without_content.workbook.as_mut().unwrap();
    workbook["properties"].as_object_mut().unwrap().remove("serializedData");
    assert!(super::Plan::of(&workspace(), &wanted(), &without_content).is_done());
}

#[rstest]
#[case::workbook(StepId::Workbook, "/workbook/properties/displayName", "Mine", "displayName")]
#[case::query(StepId::Function, "/searches/1/properties/query", "ServiceDesk_CL", "query")]
#[case::transform(
    StepId::Rule,
    "/rule/properties/dataFlows/0/transformKql",
    "source | take 1",
    "Custom-ServiceDesk_CL: transformation"
)]
#[case::stream(
    StepId::Rule,
    "/rule/properties/streamDeclarations/Custom-ServiceDesk_CL/columns/0/type",
    "dynamic",
    "Custom-ServiceDesk_CL: ItsmcTest"
)]
#[case::destination(
    StepId::Rule,
    "/rule/properties/destinations/logAnalytics/0/workspaceResourceId",
    "/other",
    "destination"
)]
fn what_differs_is_shown_with_both_values(#[case] id: StepId, #[case] at: &str, #[case] to: &str, #[case] what: &str) {
    let seen = made();
    let mut all = json!({ "rule": seen.rule, "searches": seen.searches, "workbook": seen.workbook });
    *all.pointer_mut(at).unwrap() = to.into();
    let seen = Seen {
        rule: Some(all["rule"].clone()),
        searches: all["searches"].as_array().unwrap().clone(),
        workbook: Some(all["workbook"].clone()),
        ..seen
    };
    let plan = plan(&seen);
    let step = step(&plan, id);
    assert_eq!(step.action, Action::Change);
    let change = step.changes.iter().find(|change| change.what == what).unwrap_or_else(|| panic!("{:?}", step.changes));
    assert!(change.from.is_none() || change.from.as_deref() == Some(to), "{change:?}");
    assert_eq!(plan.to_do().filter(|step| step.id != id).count(), 0);
    let rule = &body(&plan, id)["properties"];
    assert!(rule["immutableId"].is_null() && rule["endpoints"].is_null());
}

#[test]
fn missing_columns_are_added_and_the_others_kept() {
    let mut seen = made();
    let table = seen.table.as_mut().unwrap();
    table["properties"]["retentionInDays"] = 90.into();
    table["properties"]["retentionInDaysAsDefault"] = false.into();
    let columns = table["properties"]["schema"]["columns"].as_array_mut().unwrap();
    columns.retain(|column| !["Risk_s", "ItsmcSend"].contains(&column["name"].as_str().unwrap()));
    columns.push(json!({ "name": "Owner_s", "type": "string" }));
    let plan = plan(&seen);
    let step = step(&plan, StepId::Table);
    let added: Vec<&str> = step.changes.iter().map(|change| change.what.as_str()).collect();
    assert_eq!((step.action, added), (Action::Change, vec!["Risk_s", "ItsmcSend"]));
    let properties = &body(&plan, StepId::Table)["properties"];
    let columns = properties["schema"]["columns"].as_array().unwrap();
    assert_eq!(columns.len(), WORK_ITEMS.len() + 1);
    assert!(columns.iter().any(|column| column["name"] == "Owner_s"));
    assert_eq!((properties["retentionInDays"].as_i64(), properties["plan"].as_str()), (Some(90), Some("Analytics")));
    assert!(properties["totalRetentionInDays"].is_null(), "a default is not fixed");
}

#[test]
fn other_types_of_an_existing_table_are_respected() {
    let mut seen = made();
    let columns = seen.table.as_mut().unwrap()["properties"]["schema"]["columns"].as_array_mut().unwrap();
    for column in columns.iter_mut() {
        match column["name"].as_str().unwrap() {
            "Priority_s" => column["type"] = "int".into(),
            "ItsmcId" => column["type"] = "guid".into(),
            _ => {}
        }
    }
    let plan = plan(&seen);
    let table = step(&plan, StepId::Table);
    assert_eq!((table.action, table.notes.len()), (Action::Nothing, 2));
    let rule = &body(&plan, StepId::Rule)["properties"];
    let columns = rule["streamDeclarations"]["Custom-ServiceDesk_CL"]["columns"].as_array().unwrap();
    let kind = |name: &str| columns.iter().find(|column| column["name"] == name).unwrap()["type"].clone();
    assert_eq!((kind("Priority_s"), kind("ItsmcId")), (json!("int"), json!("string")));
    let flow = &rule["dataFlows"][0];
    assert_eq!(flow["transformKql"], "source | extend ItsmcId = toguid(ItsmcId)");
}

fn classic() -> Seen {
    let mut seen = empty();
    seen.table = Some(json!({ "properties": { "plan": "Analytics", "schema": {
        "name": "ServiceDesk_CL", "tableSubType": "Classic",
        "columns": [{ "name": "ServiceDeskId_s", "type": "string" }, { "name": "CreatedDate_t", "type": "datetime" }],
        "standardColumns": [{ "name": "TimeGenerated", "type": "datetime" }],
    }}}));
    seen
}

#[test]
fn a_classic_table_waits_for_a_decision() {
    let plan = plan(&classic());
    let table = step(&plan, StepId::Table);
    assert_eq!(table.blocked, Some(Block::Classic { table: "ServiceDesk_CL".to_owned() }));
    assert!(table.request.is_none() && !plan.is_done());
}

#[test]
fn a_classic_table_that_may_be_migrated_is_migrated_and_then_widened() {
    let wanted = Wanted { migrate: vec!["ServiceDesk_CL".to_owned()], ..wanted() };
    let plan = Plan::of(&workspace(), &wanted, &classic());
    let [first, second] = [&plan.steps[0], &plan.steps[1]];
    assert_eq!((first.action, second.action), (Action::Migrate, Action::Change));
    let request = first.request.as_ref().unwrap();
    assert_eq!((request.method, request.body.as_ref()), ("POST", None));
    assert!(request.path.ends_with("/tables/ServiceDesk_CL/migrate?api-version=2021-12-01-preview"));
    let columns = body_of(second)["properties"]["schema"]["columns"].as_array().unwrap().clone();
    assert_eq!(columns.len(), WORK_ITEMS.len());
    assert!(columns.iter().any(|column| column["name"] == "TimeGenerated"));
    assert!(second.changes.iter().all(|change| change.what != "TimeGenerated"));
}

fn body_of(step: &Step) -> Value {
    step.request.as_ref().unwrap().body.clone().unwrap()
}

#[test]
fn another_table_beside_a_classic_one_is_created() {
    let mut beside = workspace();
    beside.table = "ServiceDeskNew_CL".to_owned();
    let plan = Plan::of(&beside, &wanted(), &empty());
    assert!(plan.steps[0].resource.ends_with("/tables/ServiceDeskNew_CL"));
    assert!(body(&plan, StepId::Function)["properties"]["query"].as_str().unwrap().starts_with("ServiceDeskNew_CL\n"));
}

#[rstest]
#[case::kind("/kind", json!("Linux"), Block::RuleKind { kind: "Linux".to_owned() })]
#[case::no_endpoint("/properties/endpoints", json!({}), Block::RuleWithoutEndpoint)]
#[case::elsewhere("/location", json!("northeurope"), Block::RuleElsewhere { location: "northeurope".to_owned() })]
fn a_rule_that_cannot_become_ours_is_said(#[case] at: &str, #[case] to: Value, #[case] block: Block) {
    let mut seen = made();
    *seen.rule.as_mut().unwrap().pointer_mut(at).unwrap() = to;
    let plan = plan(&seen);
    assert_eq!(step(&plan, StepId::Rule).blocked, Some(block));
}

#[test]
fn what_others_have_in_the_rule_stays() {
    let mut seen = made();
    let rule = seen.rule.as_mut().unwrap();
    rule["tags"] = json!({ "team": "itsm" });
    rule["properties"]["description"] = "Ours.".into();
    rule["properties"]["dataFlows"].as_array_mut().unwrap().push(json!({ "streams": ["Custom-Other_CL"] }));
    rule["properties"]["streamDeclarations"]["Custom-ServiceDesk_CL"]["columns"] = json!([]);
    let plan = plan(&seen);
    let body = body(&plan, StepId::Rule);
    assert_eq!((&body["tags"]["team"], &body["properties"]["description"]), (&json!("itsm"), &json!("Ours.")));
    assert_eq!(body["properties"]["dataFlows"].as_array().unwrap().len(), 3);
    assert_eq!(step(&plan, StepId::Rule).changes.len(), WORK_ITEMS.len());
}

#[test]
fn a_role_that_cannot_be_seen_is_no_role_that_is_missing() {
    let seen = Seen { roles: Roles::Hidden, ..made() };
    let plan = plan(&seen);
    let role = step(&plan, StepId::Role);
    assert_eq!((role.action, role.notes.as_slice()), (Action::Create, &[Note::RolesHidden][..]));
    let nobody = Plan::of(&workspace(), &Wanted::default(), &made());
    assert_eq!(step(&nobody, StepId::Role).blocked, Some(Block::NoPrincipal));
}

#[test]
fn a_function_of_somebody_else_is_not_overwritten() {
    let mut seen = empty();
    let other = json!({ "id": "/w/savedSearches/theirs", "properties": { "functionAlias": "servicedesk" } });
    seen.searches = vec![other];
    let plan = plan(&seen);
    let block = Block::FunctionTaken { by: "/w/savedSearches/theirs".to_owned() };
    assert_eq!(step(&plan, StepId::Function).blocked, Some(block));
}

#[test]
fn a_table_on_another_plan_is_noted() {
    let mut seen = made();
    seen.table.as_mut().unwrap()["properties"]["plan"] = "Basic".into();
    let plan = plan(&seen);
    assert_eq!(step(&plan, StepId::Table).notes, [Note::TablePlan { plan: "Basic".to_owned() }]);
}

#[test]
fn the_workbook_has_the_four_parts_as_charts_and_tables() {
    let content = super::workbook::content(&workspace());
    let items = content["items"].as_array().unwrap();
    let titles: Vec<&str> = items.iter().filter_map(|item| item["content"]["json"].as_str()).collect();
    assert_eq!(titles, ["## Work items created", "## Impacted computers", "## Connector status", "## Alert rules"]);
    let charts =
        items.iter().filter(|item| item["content"]["visualization"].as_str().is_some_and(|v| v.ends_with("chart")));
    assert_eq!(charts.count(), 4);
    let tables = items.iter().filter(|item| item["content"]["visualization"] == "table");
    assert_eq!(tables.count(), 4);
}

#[test]
fn types_of_columns_reach_azure_as_it_writes_them() {
    let plan = plan(&empty());
    let columns = body(&plan, StepId::Table)["properties"]["schema"]["columns"].clone();
    for column in columns.as_array().unwrap() {
        assert!(ColumnType::from_id(column["type"].as_str().unwrap()).is_some());
        assert!(!column["description"].as_str().unwrap().is_empty());
    }
}

mod export {
    use super::*;
    use crate::model::azure_plan::bicep::{UNKNOWN_PRINCIPAL, files};
    use crate::model::lang::Lang;

    fn text(plan: &Plan, name: &str) -> String {
        files(Lang::En, &workspace(), plan).into_iter().find(|file| file.name == name).unwrap().text
    }

    #[test]
    fn the_template_has_every_resource_of_the_plan() {
        let plan = plan(&empty());
        let bicep = text(&plan, "main.bicep");
        for (symbol, kind) in [
            ("table", "Microsoft.OperationalInsights/workspaces/tables@2022-10-01"),
            ("logTable", "Microsoft.OperationalInsights/workspaces/tables@2022-10-01"),
            ("rule", "Microsoft.Insights/dataCollectionRules@2023-03-11"),
            ("role", "Microsoft.Authorization/roleAssignments@2022-04-01"),
            ("serviceDesk", "Microsoft.OperationalInsights/workspaces/savedSearches@2020-08-01"),
            ("workbook", "Microsoft.Insights/workbooks@2023-06-01"),
        ] {
            assert!(bicep.contains(&format!("resource {symbol} '{kind}' = {{")), "{symbol}: {bicep}");
        }
        assert!(bicep.contains("workspaceResourceId: workspace.id") && bicep.contains("principalId: principalId"));
        assert!(bicep.contains("dependsOn: [\n    table\n    logTable\n  ]"), "{bicep}");
        assert!(!bicep.contains(SUBSCRIPTION) && !bicep.contains(OBJECT), "{bicep}");
        insta::assert_snapshot!(bicep);
    }

    /// Where a text does not fit Bicep's grammar, as lines from 1. There is no compiler of Bicep in the registries of CI.
    fn misfits(bicep: &str) -> Vec<usize> {
        let mut parser = tree_sitter::Parser::new();
        parser.set_language(&tree_sitter_bicep::LANGUAGE.into()).unwrap();
        let tree = parser.parse(bicep, None).unwrap();
        let (mut nodes, mut lines) = (vec![tree.root_node()], Vec::new());
        while let Some(node) = nodes.pop() {
            if node.is_error() || node.is_missing() {
                lines.push(node.start_position().row + 1);
            }
            nodes.extend((0..node.child_count()).filter_map(|nth| node.child(nth)));
        }
        lines
    }

    #[test]
    fn the_template_fits_the_grammar_of_bicep() {
        let mut roles_left = made();
        roles_left.roles = Roles::Listed(vec![]);
        for seen in [empty(), made(), roles_left] {
            assert_eq!(misfits(&text(&plan(&seen), "main.bicep")), [0; 0]);
        }
        let whole = text(&plan(&empty()), "main.bicep");
        let mistakes = [
            ("dependsOn: [", "dependsOn ["),
            ("param workspaceName string", "param workspaceName"),
            (" = {", " {"),
            (": '", ": "),
            ("\n}\n", "\n"),
        ];
        for (right, wrong) in mistakes {
            assert!(whole.contains(right), "{right}");
            assert_ne!(misfits(&whole.replacen(right, wrong, 1)), [0; 0], "{wrong}");
        }
    }

    #[test]
    fn parameters_and_loaded_texts_are_what_would_be_sent() {
        let plan = plan(&empty());
        let parameters: Value = serde_json::from_str(&text(&plan, "main.parameters.json")).unwrap();
        assert_eq!(parameters["parameters"]["principalId"]["value"], OBJECT);
        assert_eq!(parameters["parameters"]["location"]["value"], "westeurope");
        let sent = body(&plan, StepId::Function)["properties"]["query"].as_str().unwrap().to_owned();
        assert_eq!(text(&plan, "servicedesk.kql").trim_end(), sent);
        let workbook: Value = serde_json::from_str(&text(&plan, "workbook.json")).unwrap();
        assert_eq!(workbook["items"].as_array().unwrap().len(), 12);
    }

    #[test]
    fn only_what_is_to_be_done_is_exported() {
        let mut seen = made();
        seen.roles = Roles::Listed(vec![]);
        let bicep = text(&plan(&seen), "main.bicep");
        assert!(
            bicep.contains("dataCollectionRules@2023-03-11' existing = {\n  name: 'itsmc-contoso-logs'"),
            "{bicep}"
        );
        assert!(bicep.contains("scope: rule") && !bicep.contains("resource table"), "{bicep}");
    }

    #[test]
    fn a_migration_is_a_command_of_the_readme() {
        let wanted = Wanted { migrate: vec!["ServiceDesk_CL".to_owned()], principal: None };
        let wanted =
            Wanted { principal: Some(Principal { id: UNKNOWN_PRINCIPAL.to_owned(), application: None }), ..wanted };
        let plan = Plan::of(&workspace(), &wanted, &classic());
        for lang in [Lang::En, Lang::Nl] {
            let all = files(lang, &workspace(), &plan);
            let readme = &all.iter().find(|file| file.name == "README.md").unwrap().text;
            assert!(readme.contains("table migrate") && readme.contains("--table-name ServiceDesk_CL"), "{readme}");
            assert!(!readme.contains("{migrate}") && !readme.contains("{rights}") && !readme.contains("{group}"));
        }
        let parameters = text(&plan, "main.parameters.json");
        assert!(parameters.contains(UNKNOWN_PRINCIPAL));
    }
}

#[test]
fn a_rule_in_which_something_else_stands_where_objects_belong_is_planned_anew() {
    for odd in [json!([]), json!("text"), json!(5), json!(null)] {
        let mut seen = made();
        let properties = &mut seen.rule.as_mut().unwrap()["properties"];
        for key in ["streamDeclarations", "destinations", "dataFlows"] {
            properties[key] = odd.clone();
        }
        let rule = body(&plan(&seen), StepId::Rule);
        assert_eq!(rule["properties"]["dataFlows"].as_array().unwrap().len(), 2, "{odd}");
        assert!(rule["properties"]["streamDeclarations"]["Custom-ServiceDesk_CL"].is_object(), "{odd}");
        assert!(rule["properties"]["destinations"]["logAnalytics"].is_array(), "{odd}");
    }
}
