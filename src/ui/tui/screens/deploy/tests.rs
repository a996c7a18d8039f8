use crate::model::deploy::{DeployField, Written};
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::ui::app::deploy::{Deploy, Place, Stage};
use crate::ui::app::model::Model;
use crate::ui::app::testing::model;
use crate::ui::tui::testing::{screen, snapshots};

const VALUES: [(DeployField, &str); 6] = [
    (DeployField::Subscription, "11111111-2222-3333-4444-555555555555"),
    (DeployField::ResourceGroup, "itsm"),
    (DeployField::Location, "West Europe"),
    (DeployField::ServerName, "scsm01.corp.contoso.com"),
    (DeployField::Domain, "CORP"),
    (DeployField::Username, "svc-scsm"),
];

fn filled() -> Deploy {
    let mut deploy = Deploy::new(Some("contoso-scsm".to_owned()), None);
    deploy.values.extend(VALUES.map(|(field, text)| (field, text.to_owned())));
    deploy.focus_on(Place::Value(DeployField::Location));
    deploy
}

fn over(deploy: Deploy) -> Model {
    let mut model = model();
    model.show(deploy);
    model
}

#[test]
fn it_says_of_each_value_how_it_stands() {
    snapshots("deploy/empty", &over(Deploy::new(None, None)));
    snapshots("deploy/filled", &over(filled()));
}

#[test]
fn what_is_wrong_is_told_where_it_is() {
    let mut deploy = filled();
    deploy.values.insert(DeployField::ServerName, "scsm01:5724".to_owned());
    deploy.values.insert(DeployField::Plan, "F1".to_owned());
    deploy.values.remove(&DeployField::Domain);
    assert_eq!(deploy.order(Lang::En), None);
    assert_eq!(deploy.focus, Place::Value(DeployField::ServerName));
    let told = screen(&over(deploy.clone()), (120, 40));
    let line = told.lines().position(|line| line.contains("F1 ▲")).unwrap_or_else(|| panic!("no tick: {told}"));
    assert!(told.lines().nth(line + 1).unwrap().contains("have no hybrid"), "the reason stands below it: {told}");
    snapshots("deploy/wrong", &over(deploy));
}

#[test]
fn files_that_are_there_are_named_and_what_was_written_leads_on() {
    let mut deploy = filled();
    let order = deploy.order(Lang::En).unwrap();
    let paths = vec!["/home/ada/itsmc-web-app/deploy.sh".to_owned()];
    let failed = Deploy { stage: Stage::Failed(Fault::FilesThere { paths }), ..deploy.clone() };
    snapshots("deploy/there-already", &over(failed));
    let deployment = order.deployment(4_711).unwrap();
    let files = ["web-app.parameters.json", "deploy.sh", "deploy.ps1", "connection.toml", "NEXT-STEPS.md"];
    let files = files.map(str::to_owned).to_vec();
    let written = Written { deployment, folder: "/home/ada/itsmc-web-app".to_owned(), files };
    snapshots("deploy/written", &over(Deploy { stage: Stage::Written(Box::new(written)), ..deploy }));
}
