use rstest::rstest;

use super::*;
use crate::model::connection::{ConnectionName, Grant};
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::partner::{Catalogue, PartnerId, PartnerSpec};
use crate::model::work_item::WorkItemKind;

const FILLED: &str = r#"name = "contoso"
partner = "servicenow"
server_url = "https://contoso.service-now.com"
username = "azure.integration"
client_id = "an-id"
work_items = ["incident", "change_request"]
sync_days = 30
create_configuration_items = false
"#;

fn catalogue() -> Catalogue {
    Catalogue::built_in().unwrap()
}

fn spec(catalogue: &Catalogue) -> &PartnerSpec {
    catalogue.get(&PartnerId::new("servicenow")).unwrap()
}

fn problems(text: &str) -> Vec<FormProblem> {
    match read(text, &catalogue(), &[]) {
        Err(Fault::BadForm { problems }) => problems,
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[case(Lang::En, "# Connection name: ")]
#[case(Lang::Nl, "# Verbindingsnaam: ")]
fn a_filled_in_template_reads_back(#[case] lang: Lang, #[case] comment: &str) {
    let catalogue = catalogue();
    let mut text = template(spec(&catalogue), lang).unwrap();
    assert!(text.contains(comment), "{text}");
    for (key, value) in [
        ("name", "contoso"),
        ("server_url", "https://contoso.service-now.com"),
        ("username", "azure.integration"),
        ("client_id", "an-id"),
    ] {
        let empty = format!("\n{key} = \"\"");
        assert_eq!(text.matches(&empty).count(), 1, "{text}");
        text = text.replace(&empty, &format!("\n{key} = \"{value}\""));
    }
    let (form, partner) = read(&text, &catalogue, &[]).unwrap();
    assert_eq!(partner.as_str(), "servicenow");
    assert_eq!(form, read(FILLED, &catalogue, &[]).unwrap().0);
    assert_eq!(form.text(FieldId::SyncDays), "30");
    assert_eq!(form.work_items.len(), 2);
}

#[test]
fn the_grant_may_be_left_out_and_must_be_known() {
    let catalogue = catalogue();
    let text = |grant: &str| format!("{FILLED}{grant}\n");
    let read = |grant: &str| read(&text(grant), &catalogue, &[]).map(|(form, _)| form.grant);
    assert_eq!(read("").unwrap(), Grant::Password);
    assert_eq!(read("grant = \"client_credentials\"").unwrap(), Grant::ClientCredentials);
    for (wrong, expected) in [("grant = 1", "wrong-type"), ("grant = \"implicit\"", "unknown-choice")] {
        let problem = &problems(&text(wrong))[0];
        assert_eq!((problem.field, problem.line), (Some(FieldId::Grant), Some(9)));
        assert_eq!(serde_json::to_value(&problem.problem).unwrap()["problem"], expected);
    }
}

#[test]
fn a_template_as_it_is_asks_for_what_is_missing() {
    let catalogue = catalogue();
    let missing = problems(&template(spec(&catalogue), Lang::En).unwrap());
    let fields: Vec<_> = missing.iter().map(|problem| problem.field.unwrap()).collect();
    assert_eq!(fields, [FieldId::Name, FieldId::ServerUrl, FieldId::Username, FieldId::ClientId]);
    assert!(missing.iter().all(|problem| problem.problem == FieldProblem::Missing && problem.line.is_some()));
}

#[test]
fn a_partner_that_is_not_built_has_no_template_and_no_form() {
    let stub = "id = 'desk'\nname = 'Desk'\nready = false\nabout = { en = 'x', nl = 'x' }";
    let catalogue = Catalogue::from_assets(&[stub]).unwrap();
    let expected = Fault::PartnerNotReady { partner: "Desk".into() };
    assert_eq!(template(&catalogue.all()[0], Lang::En), Err(expected.clone()));
    assert_eq!(read("partner = \"desk\"", &catalogue, &[]), Err(expected));
}

#[test]
fn every_problem_is_told_at_once_with_its_line() {
    let text = r#"# a comment
nickname = "x"
partner = "servicenow"
name = "two words"
password = "planted"
server_url = 7
username = "azure.integration"
client_id = ""
work_items = ["incident", "problem"]
sync_days = 121
"#;
    let found = problems(text);
    let told: Vec<_> = found.iter().map(|problem| (problem.line, problem.field, &problem.problem)).collect();
    let wrong = FieldProblem::WrongType { expected: "string".into() };
    let choice = FieldProblem::UnknownChoice {
        given: "problem".into(),
        known: vec!["incident".into(), "change_request".into()],
    };
    assert_eq!(
        told,
        [
            (Some(2), None, &FieldProblem::UnknownKey),
            (Some(4), Some(FieldId::Name), &FieldProblem::BadName),
            (Some(5), Some(FieldId::Password), &FieldProblem::SecretInFile),
            (Some(6), Some(FieldId::ServerUrl), &wrong),
            (Some(8), Some(FieldId::ClientId), &FieldProblem::Missing),
            (Some(9), Some(FieldId::WorkItems), &choice),
            (Some(10), Some(FieldId::SyncDays), &FieldProblem::NotWithin { least: 1, most: 120 }),
        ]
    );
    assert_eq!(found[0].key.as_deref(), Some("nickname"));
    assert!(!format!("{found:?}").contains("planted"));
}

#[rstest]
#[case::no_partner("name = \"x\"\nclient_secret = \"planted\"\n", &[Some(2), None])]
#[case::unknown_partner("partner = \"remedy\"\nfoo = 1\n", &[Some(1), Some(2)])]
#[case::wrong_type("\npartner = 3\n", &[Some(2)])]
fn without_a_partner_the_rest_is_told_as_far_as_it_goes(#[case] text: &str, #[case] lines: &[Option<usize>]) {
    let found = problems(text);
    assert_eq!(found.iter().map(|problem| problem.line).collect::<Vec<_>>(), lines);
    assert!(found.iter().any(|problem| problem.field == Some(FieldId::Partner)));
}

#[test]
fn what_is_not_toml_is_told_with_its_line_and_without_its_words() {
    let found = problems("name = \"x\"\npassword = \"planted\n");
    assert_eq!((found.len(), found[0].line), (1, Some(2)));
    assert!(matches!(&found[0].problem, FieldProblem::NotToml { detail } if !detail.contains("planted")), "{found:?}");
}

#[test]
fn a_name_that_is_taken_is_told() {
    let taken = [ConnectionName::parse("contoso").unwrap()];
    let Err(Fault::BadForm { problems }) = read(FILLED, &catalogue(), &taken) else { panic!("it was read") };
    assert_eq!((problems.len(), &problems[0].problem, problems[0].line), (1, &FieldProblem::NameTaken, Some(1)));
}

#[test]
fn work_items_are_what_the_file_says() {
    let text = FILLED.replace(r#", "change_request""#, "");
    let (form, _) = read(&text, &catalogue(), &[]).unwrap();
    assert_eq!(form.work_items.into_iter().collect::<Vec<_>>(), [WorkItemKind::Incident]);
    let none = FILLED.replace(r#""incident", "change_request""#, "");
    assert_eq!(problems(&none)[0].problem, FieldProblem::Missing);
}

#[test]
fn secrets_come_from_stdin() {
    let secrets = read_secrets("password = \"p w\"\nclient_secret = 'c\"s'\n").unwrap();
    assert_eq!(secrets.password.unwrap().expose(), "p w");
    assert_eq!(secrets.client_secret.unwrap().expose(), "c\"s");
    assert_eq!(read_secrets("").unwrap(), Secrets::default());
}

#[rstest]
#[case::empty("password = \"\"", FieldProblem::Missing)]
#[case::wrong_type("password = [\"planted\"]", FieldProblem::WrongType { expected: "string".into() })]
#[case::unknown("passphrase = \"planted\"", FieldProblem::UnknownKey)]
#[case::as_key("planted = \"password\"", FieldProblem::UnknownKey)]
#[case::as_quoted_key("\"planted\" = 1", FieldProblem::UnknownKey)]
#[case::as_table("[planted]", FieldProblem::UnknownKey)]
#[case::alone("planted", FieldProblem::NotToml { detail: secrets::SHAPE.into() })]
#[case::bare("password = planted", FieldProblem::NotToml { detail: secrets::SHAPE.into() })]
#[case::twice("[planted]\n[planted]", FieldProblem::NotToml { detail: secrets::SHAPE.into() })]
fn s20_bad_secrets_are_told_by_their_place(#[case] text: &str, #[case] expected: FieldProblem) {
    let Err(Fault::BadForm { problems }) = read_secrets(&format!("\n{text}\n")) else { panic!("they were read") };
    assert_eq!((problems.len(), &problems[0].problem), (1, &expected));
    assert!(problems[0].line.is_some_and(|line| (2..=3).contains(&line)), "{problems:?}");
    assert!(!format!("{problems:?}").contains("planted"));
}

#[test]
fn p9_comments_are_folded_and_a_choice_is_named_once() {
    for (lang, about) in [(Lang::En, "# \"password\": works with"), (Lang::Nl, "# \"password\": ")] {
        let text = template(spec(&catalogue()), lang).unwrap();
        assert!(text.contains(about), "{text}");
        let is_folded = |line: &str| line.chars().count() <= 102 || line.split(' ').count() <= 2;
        assert!(text.lines().filter(|line| line.starts_with('#')).all(is_folded), "{text}");
    }
}
