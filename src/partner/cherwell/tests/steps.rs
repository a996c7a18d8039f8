//! The live test and the checklist.

use rstest::rstest;

use super::*;
use crate::model::check::{Finding, Status, Step, StepId, UserUnfit};
use crate::model::checklist::{Checklist, ItemFinding, ItemId, Overall};
use crate::partner::live_test::run_test;
use itsmc_practice::cherwell::{Culture, FaultKind, FaultSpec, Permission, Zone};

async fn tested(practice: &Practice) -> Vec<Step> {
    run_test(&practice.partner, practice.partner.spec.test_steps(), |_| {}).await
}

fn step(steps: &[Step], id: StepId) -> &Step {
    steps.iter().find(|step| step.id == id).unwrap()
}

#[tokio::test]
async fn all_is_well() {
    let practice = Practice::start(still(200)).await;
    let steps = tested(&practice).await;
    let ids: Vec<_> = steps.iter().map(|step| step.id).collect();
    use StepId::{Binding, ChangeRequest, Clock, Connection, Incident, NameLookup, Release, Scope, SignIn, Tls, User};
    let order = [NameLookup, Connection, Tls, Clock, SignIn, Release, User, Binding, Incident, ChangeRequest, Scope];
    assert_eq!(ids, order);
    for step in &steps {
        let expected = if step.id == Tls { Status::Skipped } else { Status::Passed };
        assert_eq!(step.status, expected, "{step:?}");
    }
    let release = Finding::Release { name: "10.5.0".into(), build: None, supported: true };
    assert_eq!(step(&steps, Release).finding, Some(release));
    let Some(Finding::Bound { bound, .. }) = &step(&steps, Binding).finding else { panic!("{steps:?}") };
    assert_eq!(bound[0].0, "dates");
    assert_eq!(bound[0].1, "en-US, Eastern Standard Time");
    assert!(bound.contains(&("incident".to_owned(), "Incident".to_owned())), "{bound:?}");
    let Some(Finding::Scope { counts, days: 120 }) = &step(&steps, Scope).finding else { panic!("{steps:?}") };
    assert!(counts[0].1 > 100, "{counts:?}");
}

#[tokio::test]
async fn the_newest_row_is_found_in_either_order() {
    for ascending in [0, 1] {
        let practice = Practice::start(Options { ascending, ..still(100) }).await;
        let row = practice.control().rows("Incident").remove(50);
        let fields = [("Status", "Made up"), ("IncidentType", "Incident")];
        practice.control().edit("Incident", &row["RecID"].text, &fields).unwrap();
        let found = practice.partner.run_step(StepId::Incident).await;
        let Some(Finding::RowRead { number, .. }) = &found.finding else { panic!("{found:?}") };
        assert_eq!(*number, row["IncidentID"].text);
    }
}

#[rstest]
#[case::no_zone(Options { tells_zone: false, ..still(20) }, &[], Some(FieldId::TimeZone))]
#[case::said_by_the_admin(Options { tells_zone: false, ..still(20) }, &[(FieldId::TimeZone, "America/New_York")], None)]
#[case::a_zone_nobody_knows(Options { zone: Zone { windows: "Nowhere Standard Time".into(), ..Zone::eastern() }, ..still(20) },
    &[], Some(FieldId::TimeZone))]
#[case::a_zone_without_summer(Options { zone: Zone { windows: "Nowhere".into(), ..Zone::utc() }, ..still(20) }, &[], None)]
#[case::a_wrong_zone(still(20), &[(FieldId::TimeZone, "Mars/Olympus")], Some(FieldId::TimeZone))]
#[case::a_wrong_culture(still(20), &[(FieldId::Culture, "tlh")], Some(FieldId::Culture))]
#[tokio::test]
async fn dates_are_not_guessed_at(
    #[case] options: Options,
    #[case] details: &[(FieldId, &str)],
    #[case] field: Option<FieldId>,
) {
    let practice = Practice::with(options, details).await;
    let found = practice.partner.run_step(StepId::Binding).await;
    match field {
        Some(field) => {
            assert_eq!((found.status, found.field), (Status::Failed, Some(field)), "{found:?}");
            assert!(matches!(found.fault, Some(Fault::DatesUnclear { .. })), "{found:?}");
        }
        None => assert_eq!(found.status, Status::Passed, "{found:?}"),
    }
}

#[tokio::test]
async fn another_culture_than_it_says_shows_at_the_first_row() {
    let options = Options { culture: Culture::NlNl, obeys_locale: false, ..still(20) };
    let practice = Practice::with(options, &[(FieldId::Culture, "en-US")]).await;
    let steps = tested(&practice).await;
    let found = step(&steps, StepId::Incident);
    assert_eq!((found.status, found.field), (Status::Failed, Some(FieldId::Culture)), "{found:?}");
}

#[tokio::test]
async fn a_locked_user_and_missing_rights_are_found() {
    let practice = Practice::start(still(20)).await;
    practice.partner.session.sign_in().await.unwrap();
    let control = practice.control();
    let view = Permission { view: true, edit: false };
    control.set_permission("Incident", view);
    let found = practice.partner.run_step(StepId::User).await;
    let lacking = |lacking: &str| Finding::RightsLacking {
        user_name: "azure.integration".into(),
        lacking: vec![lacking.to_owned()],
    };
    assert_eq!((found.status, found.finding), (Status::Warning, Some(lacking("Incident: edit"))));
    control.set_permission("Incident", Permission { view: false, edit: false });
    let found = practice.partner.run_step(StepId::User).await;
    assert_eq!((found.status, found.finding), (Status::Failed, Some(lacking("Incident: view"))));
    let found = practice.partner.run_step(StepId::Incident).await;
    assert!(matches!(found.fault, Some(Fault::Forbidden { .. })), "{found:?}");
    control.set_locked(true);
    let found = practice.partner.run_step(StepId::User).await;
    let unfit = Finding::UserUnfit { user_name: "Azure Integration".into(), reason: UserUnfit::LockedOut };
    assert_eq!((found.status, found.finding), (Status::Failed, Some(unfit)));
}

#[tokio::test]
async fn clocks_that_differ_are_found() {
    for (seconds, status) in [(0, Status::Passed), (200, Status::Warning), (-2_000, Status::Failed)] {
        let practice = Practice::start(still(5)).await;
        practice.control().fault(FaultSpec { seconds, ..FaultSpec::new(FaultKind::ClockSkew) });
        assert_eq!(practice.partner.run_step(StepId::Clock).await.status, status);
    }
}

#[tokio::test]
async fn the_wrong_path_is_found_before_the_password_is_sent() {
    let practice = Practice::start(Options { old_path: true, ..still(5) }).await;
    let steps = tested(&practice).await;
    let found = step(&steps, StepId::Clock);
    assert_eq!((found.status, found.field), (Status::Failed, Some(FieldId::ApiPath)), "{found:?}");
    let practice = Practice::with(Options { old_path: true, ..still(5) }, &[(FieldId::ApiPath, "/Trebuchet.WebApi")]);
    assert!(tested(&practice.await).await.iter().all(|step| step.status != Status::Failed));
}

#[tokio::test]
async fn a_field_that_is_not_there_is_a_warning() {
    let practice = Practice::start(Options { without_fields: vec!["Risk".into()], ..still(20) }).await;
    let found = practice.partner.run_step(StepId::Binding).await;
    let Some(Finding::Bound { bound, .. }) = found.finding else { panic!("{:?}", found.finding) };
    assert_eq!(found.status, Status::Warning);
    assert!(bound.contains(&("ChangeRequest.Risk".to_owned(), "-".to_owned())), "{bound:?}");
}

#[tokio::test]
async fn the_mapping_can_be_written_down_and_read_again() {
    let practice = Practice::start(Options { without_fields: vec!["Risk".into()], ..still(20) }).await;
    let text = practice.partner.mapping_file().await.unwrap().unwrap();
    let read = crate::model::mapping::MappingFile::read(&text).unwrap();
    let mut expected = spec().work_items;
    expected[1].columns.retain(|column| column.from != "Risk");
    assert_eq!(read.work_items, expected);
    assert!(text.contains("# no such field") && text.contains("#   ShortDescription  (Text)"), "{text}");
}

async fn checklist(partner: &Cherwell) -> Checklist {
    partner.checks().unwrap().checklist(&mut |_| {}).await
}

fn found(list: &Checklist, id: &str) -> (Status, Option<ItemFinding>) {
    let id = ItemId::try_from(id.to_owned()).unwrap();
    let item = list.items.iter().find(|item| item.id == id).unwrap();
    (item.status, item.finding.clone())
}

#[tokio::test]
async fn the_checklist_tells_what_is_and_what_is_not() {
    let practice = Practice::start(still(20)).await;
    let list = checklist(&practice.partner).await;
    assert_eq!(list.overall(), Overall::Completed, "{list:?}");
    assert!(list.items.iter().all(|item| item.words.is_some()));
    assert_eq!(found(&list, "support_ends").0, Status::Warning);
    practice.control().set_permission("ChangeRequest", Permission { view: false, edit: false });
    let list = checklist(&practice.partner).await;
    assert_eq!(list.overall(), Overall::NotComplete);
    assert_eq!(found(&list, "view_change_request").0, Status::Failed);
    assert_eq!(found(&list, "edit_change_request").0, Status::Warning);
    practice.control().set_locked(true);
    assert_eq!(found(&checklist(&practice.partner).await, "integration_user").0, Status::Failed);
}

#[tokio::test]
async fn signed_out_the_checklist_asks_once_and_says_so() {
    let practice = Practice::start(still(20)).await;
    let list = checklist(&practice.later()).await;
    assert_eq!(found(&list, "api_reached").0, Status::Passed);
    for id in ["client_accepted", "integration_user", "view_incident"] {
        assert_eq!(found(&list, id), (Status::Unknown, Some(ItemFinding::NotSignedIn)), "{id}");
    }
    assert_eq!(list.overall(), Overall::CannotTell);
}
