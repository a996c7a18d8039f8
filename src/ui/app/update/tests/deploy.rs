//! The guided step that writes what deploys a web app.

use crate::model::connection::Connection;
use crate::model::deploy::{DeployField, Order, Written};
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::partner::PartnerId;
use crate::ui::app::deploy::{Deploy, Place, Stage};
use crate::ui::app::effect::{Effect, Job, TaskId};
use crate::ui::app::key::{Code, Key};
use crate::ui::app::message::{Message, Outcome};
use crate::ui::app::model::{Model, Screen};
use crate::ui::app::testing::{empty, entry, press, summary, type_text, with};
use crate::ui::app::update::update;
use crate::ui::app::wizard::Wizard;

/// The wizard at the prerequisites of the second partner.
fn wizard() -> Model {
    let mut model = empty();
    let effects = type_text(&mut model, "n");
    let draft = effects.iter().find_map(|effect| match effect {
        Effect::Run(task, Job::LoadDraft) => Some(*task),
        _ => None,
    });
    update(&mut model, Message::Outcome(draft.unwrap(), Outcome::Draft(Ok(None))));
    press(&mut model, &[Key::new(Code::Down), Key::new(Code::Enter)]);
    model
}

fn in_front(model: &Model) -> Option<&Deploy> {
    match model.front() {
        Some(Screen::Deploy(deploy)) => Some(deploy),
        _ => None,
    }
}

fn step(model: &Model) -> &Deploy {
    in_front(model).unwrap()
}

fn fill_in(model: &mut Model) {
    let values = ["11111111-2222-3333-4444-555555555555", "itsm", "West Europe", "scsm01.contoso.com", "CORP", "svc"];
    for value in values {
        type_text(model, value);
        press(model, &[Key::new(Code::Enter)]);
    }
}

/// Writes, by the key that does so from anywhere.
fn write(model: &mut Model) -> (TaskId, Order) {
    let effects = press(model, &[Key::ctrl('d')]);
    let [Effect::Run(task, Job::WriteDeployment(order))] = &effects[..] else { panic!("{effects:?}") };
    (*task, (**order).clone())
}

fn written(order: &Order) -> Written {
    let deployment = order.deployment(7).unwrap();
    Written { deployment, folder: "/home/ada/out".into(), files: vec!["deploy.sh".into()] }
}

fn form(model: &Model) -> &Wizard {
    model.screens().find_map(|screen| if let Screen::Wizard(wizard) = screen { Some(wizard) } else { None }).unwrap()
}

#[test]
fn the_wizards_form_learns_what_it_did_not_know() {
    let mut model = wizard();
    type_text(&mut model, "D");
    fill_in(&mut model);
    let (task, order) = write(&mut model);
    assert_eq!(order.folder, "itsmc-web-app");
    update(&mut model, Message::Outcome(task, Outcome::Deployment(Ok(Box::new(written(&order))))));
    assert!(step(&model).written().is_some());
    let copied = type_text(&mut model, "c");
    assert!(matches!(&copied[..], [Effect::Copy(text)] if text.contains("cd /home/ada/out && sh deploy.sh")));
    press(&mut model, &[Key::new(Code::Esc)]);
    assert_eq!(in_front(&model), None);
    let text = |field| form(&model).details.form.text(field);
    assert_eq!(text(FieldId::ServerUrl), "https://smoc7.azurewebsites.net");
    assert_eq!((text(FieldId::EndpointHost), text(FieldId::RelayNamespace)), ("scsm01.contoso.com", "smoc7sbn"));
}

#[test]
fn what_does_not_fit_is_not_written_and_has_the_focus() {
    let mut model = wizard();
    type_text(&mut model, "D");
    fill_in(&mut model);
    for (field, wrong) in [(DeployField::ServerName, "scsm01"), (DeployField::Plan, "S9")] {
        let Some(Screen::Deploy(deploy)) = model.front_mut() else { panic!() };
        let right = deploy.values.insert(field, wrong.to_owned()).unwrap();
        assert_eq!(press(&mut model, &[Key::ctrl('d')]), []);
        assert_eq!(step(&model).focus, Place::Value(field));
        press(&mut model, &[Key::ctrl('u')]);
        type_text(&mut model, &right);
    }
    let (task, _) = write(&mut model);
    let fault = Fault::FilesThere { paths: vec!["/x/deploy.sh".into()] };
    update(&mut model, Message::Outcome(task, Outcome::Deployment(Err(fault.clone()))));
    assert_eq!((&step(&model).stage, step(&model).focus), (&Stage::Failed(fault), Place::Folder));
    assert_ne!(write(&mut model).0, task, "it can be tried again");
}

#[test]
fn what_was_typed_is_there_when_it_is_opened_again() {
    let mut model = wizard();
    type_text(&mut model, "Dabc");
    press(&mut model, &[Key::new(Code::Esc)]);
    assert_eq!((in_front(&model), form(&model).spec.is_some()), (None, true));
    type_text(&mut model, "D");
    assert_eq!(step(&model).text(Place::Value(DeployField::Subscription)), "abc");
}

#[test]
fn a_saved_connection_fills_in_what_it_knows_and_keeps_its_own() {
    let mut entry = entry("contoso-scsm", summary());
    let details =
        [(FieldId::AzureResourceGroup, "itsm".to_owned()), (FieldId::EndpointHost, "scsm01.contoso.com".into())];
    let partner = PartnerId::new("service-manager");
    entry.connection = Connection { partner, details: details.into(), ..entry.connection };
    let mut model = with(vec![entry]);
    press(&mut model, &[Key::new(Code::Enter)]);
    type_text(&mut model, "lllD");
    assert_eq!(step(&model).whose.as_deref(), Some("contoso-scsm"));
    assert_eq!(step(&model).text(Place::Value(DeployField::ResourceGroup)), "itsm");
    let command = step(&model).command();
    assert_eq!(
        command,
        "deploy service-manager --out itsmc-web-app --resource-group itsm --server-name scsm01.contoso.com"
    );
}

#[test]
fn no_other_product_has_the_key() {
    let mut model = with(vec![entry("contoso", summary())]);
    press(&mut model, &[Key::new(Code::Enter)]);
    type_text(&mut model, "lllD");
    assert_eq!((in_front(&model), &model.left_deploy), (None, &None));
}
