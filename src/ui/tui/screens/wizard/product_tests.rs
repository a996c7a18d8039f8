//! The wizard of products other than ServiceNow.

use rstest::rstest;

use crate::model::check::{Finding, Status, Step, StepId};
use crate::model::form::FieldId;
use crate::model::lang::Lang;
use crate::model::partner::Catalogue;
use crate::model::secret::Secret;
use crate::ui::app::update::wizard::testing::{Driver, passed, refused};
use crate::ui::app::wizard::step::WizardStep;
use crate::ui::tui::testing::{SIZES, screen, snapshots};
use crate::ui::tui::widgets::text;

/// The products other than ServiceNow, by the keys that lead to them.
const KEYS: [&str; 3] = ["down", "down down", "down down down"];

/// On the prerequisites of a product.
fn at_prerequisites(keys: &str) -> Driver {
    let mut driver = Driver::new();
    driver.keys(keys).keys("enter");
    driver
}

/// On the form of a product, its fields filled in.
fn filled(keys: &str) -> Driver {
    let mut driver = at_prerequisites(keys);
    driver.keys("enter");
    let details = &mut driver.wizard_mut().details;
    for (field, text) in [
        (FieldId::Name, "desk"),
        (FieldId::ServerUrl, "https://desk.contoso.com"),
        (FieldId::Username, "azure.integration"),
        (FieldId::ClientId, "6e1b0000-0000-0000-0000-000000000000"),
        (FieldId::Tenant, "contoso.onmicrosoft.com"),
    ] {
        details.form.texts.insert(field, text.to_owned());
    }
    for field in [FieldId::Password, FieldId::ClientSecret] {
        details.form.secrets.insert(field, Secret::new("hunter2"));
    }
    driver
}

/// On the test of a product, whose steps end like this.
fn tested(keys: &str, outcome: fn(StepId) -> Step) -> Driver {
    let mut driver = filled(keys);
    driver.keys("ctrl-d");
    assert_eq!(driver.wizard().step, WizardStep::Test, "{:?}", driver.wizard().details.problems);
    driver.answer_all(outcome);
    driver
}

/// Found under other names than those that are known.
fn bound(step: StepId) -> Step {
    let pairs = [
        ("incident", "prov_incident"),
        ("incident.id", "prov_incidentid"),
        ("incident.updated_at", "modifiedon"),
        ("change_request", "prov_changerequest"),
        ("change_request.id", "prov_changerequestid"),
    ];
    let bound = pairs.map(|(what, to)| (what.to_owned(), to.to_owned())).into();
    match step {
        StepId::Binding => Step::found(step, Status::Passed, Finding::Bound { bound, ways: Vec::new() }),
        _ => passed(step),
    }
}

#[test]
fn a_new_customer_of_any_product_confirms_nothing_to_go_on() {
    snapshots("wizard/prerequisites-cherwell", &at_prerequisites("down down down").model);
    for keys in KEYS {
        let mut driver = at_prerequisites(keys);
        driver.keys("enter");
        assert_eq!(driver.wizard().step, WizardStep::Details, "{keys}");
    }
}

#[test]
fn the_forms_are_whole() {
    snapshots("wizard/details-provance", &filled("down down").model);
    let mut cherwell = filled("down down down");
    cherwell.keys("tab tab tab tab tab");
    snapshots("wizard/details-cherwell", &cherwell.model);
}

#[test]
fn what_was_bound_is_counted_and_named_in_full_on_its_step() {
    let mut driver = tested("down down", bound);
    let (lang, size) = (Lang::Nl, (80, 24));
    driver.model.lang = lang;
    assert!(screen(&driver.model, size).contains("prov_incident (2 kolommen)"));
    driver.keys("down down down down down down");
    assert!(screen(&driver.model, size).contains("bijgewerkt = modifiedon"));
}

#[test]
fn a_client_secret_alone_is_not_called_a_password() {
    let mut driver = tested("down down", passed);
    driver.keys("enter");
    driver.look(|job| matches!(job, crate::ui::app::effect::Job::CheckCandidate(_)));
    driver.keys("enter");
    assert_eq!(driver.wizard().step, WizardStep::Review);
    let shown = screen(&driver.model, (120, 40));
    assert!(shown.contains("client secret and tokens") && !shown.to_lowercase().contains("password"), "{shown}");
}

#[rstest]
fn no_screen_speaks_of_another_product(#[values(0, 1, 2)] product: usize, #[values(Lang::En, Lang::Nl)] lang: Lang) {
    let keys = KEYS[product];
    let mut asked = tested(keys, refused);
    asked.keys("L");
    let drivers = [at_prerequisites(keys), filled(keys), tested(keys, refused), tested(keys, passed), asked];
    for (mut driver, size) in drivers.into_iter().flat_map(|driver| SIZES.map(|size| (driver.clone(), size))) {
        driver.model.lang = lang;
        let shown = screen(&driver.model, size);
        assert!(!shown.contains("ServiceNow"), "{shown}");
        assert!(!shown.contains("make it") && !shown.contains("die maken"), "no checklist makes a user here: {shown}");
    }
}

#[test]
fn every_label_leaves_the_values_in_one_column() {
    let catalogue = Catalogue::built_in().unwrap();
    let fields = catalogue.all().iter().flat_map(|spec| spec.fields.iter().map(|field| (&spec.id, field)));
    for (partner, field) in fields {
        for lang in [Lang::En, Lang::Nl] {
            let label = field.label.in_lang(lang);
            assert!(text::width(label) <= super::details::LABELS, "{partner}: '{label}' is too long");
        }
    }
}
