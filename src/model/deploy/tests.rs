use rstest::rstest;

use super::*;
use crate::model::lang::Lang;

const SECRET: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv/secrets/scsm-password";

fn given(field: DeployField) -> Option<String> {
    let text = match field {
        DeployField::Subscription => "11111111-2222-3333-4444-55555555AAAA",
        DeployField::ResourceGroup => "itsm (west)",
        DeployField::Location => "West Europe",
        DeployField::ServerName => "scsm01.corp.contoso.com.",
        DeployField::Domain => "CORP",
        DeployField::Username => "svc-scsm",
        _ => return None,
    };
    Some(text.replace(" (west)", "-west"))
}

fn deployment(otherwise: &[(DeployField, &str)]) -> Deployment {
    let value = |field| {
        let other = otherwise.iter().find(|(one, _)| *one == field).map(|(_, text)| (*text).to_owned());
        other.or_else(|| given(field))
    };
    Deployment::read(value, 32_017).unwrap()
}

fn text(deployment: &Deployment, name: &str) -> String {
    let all = files(deployment, Lang::En, &["One.".to_owned(), "Two.".to_owned()]);
    all.into_iter().find(|file| file.name == name).unwrap().text
}

#[rstest]
#[case(DeployField::Subscription, "Contoso Production", DeployProblem::NotASubscription)]
#[case(DeployField::Subscription, "", DeployProblem::Missing)]
#[case(DeployField::ResourceGroup, "it's", DeployProblem::NotAGroup)]
#[case(DeployField::ResourceGroup, "itsm.", DeployProblem::NotAGroup)]
#[case(DeployField::Location, "west-europe", DeployProblem::NotALocation)]
#[case(DeployField::ServerName, "scsm01", DeployProblem::NotQualified)]
#[case(DeployField::ServerName, "10.0.0.4", DeployProblem::NotQualified)]
#[case(DeployField::ServerName, "scsm01.corp.local:5724", DeployProblem::NotQualified)]
#[case(DeployField::ServerName, "scsm01..local", DeployProblem::NotQualified)]
#[case(DeployField::Domain, "CORP\\svc", DeployProblem::NotADomain)]
#[case(DeployField::Username, "CORP\\svc", DeployProblem::NotAUser)]
#[case(DeployField::Username, "svc@corp.local", DeployProblem::NotAUser)]
#[case(DeployField::Username, "svc'; rm -rf .", DeployProblem::NotAUser)]
#[case(DeployField::Username, "$(id)", DeployProblem::NotAUser)]
#[case(DeployField::SitePrefix, "9smoc", DeployProblem::NotAPrefix)]
#[case(DeployField::SitePrefix, "smoc_prod", DeployProblem::NotAPrefix)]
#[case(DeployField::Namespace, "abc", DeployProblem::NotANamespace)]
#[case(DeployField::Plan, "S9", DeployProblem::NotAPlan)]
#[case(DeployField::PasswordSecret, "https://kv.vault.azure.net/secrets/x", DeployProblem::NotASecret)]
#[case(DeployField::PasswordSecret, "hunter2", DeployProblem::NotASecret)]
fn what_does_not_fit_is_refused(#[case] field: DeployField, #[case] given: &str, #[case] problem: DeployProblem) {
    assert_eq!(field.read(given), Err(problem));
}

#[rstest]
#[case(DeployField::Location, " West Europe ", "westeurope")]
#[case(DeployField::ServerName, "SCSM01.corp.local.", "SCSM01.corp.local")]
#[case(DeployField::SitePrefix, "", "smoc")]
#[case(DeployField::Namespace, "SMOC1SBN.servicebus.windows.net", "smoc1sbn")]
#[case(DeployField::Namespace, "", "")]
#[case(DeployField::Plan, "b1", "B1")]
#[case(DeployField::PasswordSecret, SECRET, SECRET)]
fn what_fits_is_made_plain(#[case] field: DeployField, #[case] given: &str, #[case] made: &str) {
    assert_eq!(field.read(given).as_deref(), Ok(made));
}

#[test]
fn every_problem_is_told_at_once() {
    let problems = Deployment::read(|_| None, 1).unwrap_err();
    let fields: Vec<_> = problems.iter().map(|(field, _)| field.key()).collect();
    assert_eq!(fields, ["subscription", "resource_group", "location", "server_name", "domain", "username"]);
}

#[test]
fn names_are_made_as_microsofts_script_makes_them() {
    let deployment = deployment(&[]);
    assert_eq!((deployment.site.as_str(), deployment.namespace.as_str()), ("smoc17", "smoc17sbn"));
    assert_eq!(deployment.url(), "https://smoc17.azurewebsites.net");
}

#[test]
fn the_parameters_have_the_names_of_microsofts_template() {
    let whole: serde_json::Value = serde_json::from_str(&text(&deployment(&[]), "web-app.parameters.json")).unwrap();
    let names: Vec<_> = whole["parameters"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["branch", "hostingPlanName", "repoURL", "siteName", "sku", "workerSize"]);
    assert_eq!(
        (&whole["parameters"]["siteName"]["value"], &whole["parameters"]["sku"]["value"]),
        (&"smoc17".into(), &"S1".into())
    );
}

#[test]
fn the_password_is_left_to_azure_or_to_a_key_vault() {
    let template: serde_json::Value = serde_json::from_str(&text(&deployment(&[]), "settings.template.json")).unwrap();
    assert_eq!(template["parameters"]["password"]["type"], "securestring");
    assert!(template["parameters"]["password"].get("defaultValue").is_none());
    let asked: serde_json::Value = serde_json::from_str(&text(&deployment(&[]), "settings.parameters.json")).unwrap();
    assert!(asked["parameters"].get("password").is_none());
    let vault = deployment(&[(DeployField::PasswordSecret, SECRET)]);
    let referred: serde_json::Value = serde_json::from_str(&text(&vault, "settings.parameters.json")).unwrap();
    let reference = &referred["parameters"]["password"]["reference"];
    assert_eq!(reference["secretName"], "scsm-password");
    assert_eq!(reference["keyVault"]["id"], SECRET.strip_suffix("/secrets/scsm-password").unwrap());
}

#[test]
fn every_parameter_of_the_settings_is_given_or_asked_for() {
    let deployment = deployment(&[]);
    let read = |name| serde_json::from_str::<serde_json::Value>(&text(&deployment, name)).unwrap();
    let (template, given) = (read("settings.template.json"), read("settings.parameters.json"));
    for script in ["deploy.sh", "deploy.ps1"] {
        let script = text(&deployment, script);
        for name in template["parameters"].as_object().unwrap().keys().filter(|name| *name != "password") {
            assert!(given["parameters"].get(name).is_some() || script.contains(&format!("{name}=")), "{name}");
        }
        assert!(given["parameters"].as_object().unwrap().keys().all(|name| template["parameters"].get(name).is_some()));
    }
}

#[test]
fn nothing_is_left_unfilled() {
    for lang in [Lang::En, Lang::Nl] {
        for file in files(&deployment(&[]), lang, &["One.".to_owned()]) {
            assert!(!file.text.contains("{{"), "{}: {}", file.name, file.text);
            assert!(file.name == "settings.template.json" || file.text.contains("smoc17"), "{}", file.name);
        }
    }
}

#[test]
fn a_named_namespace_is_looked_for_and_not_made() {
    assert!(
        text(&deployment(&[]), "deploy.sh")
            .contains("az relay namespace create --resource-group 'itsm-west' --name 'smoc17sbn'")
    );
    let named = deployment(&[(DeployField::Namespace, "contoso-sbn")]);
    let script = text(&named, "deploy.ps1");
    assert!(script.contains("az relay namespace show") && !script.contains("namespace create"));
    assert!(text(&named, "connection.toml").contains("relay_namespace = \"contoso-sbn\""));
}

#[rstest]
#[case("F1", true)]
#[case("D1", true)]
#[case("B1", false)]
#[case("S1", false)]
fn a_plan_without_hybrid_connections_is_warned_of(#[case] plan: &str, #[case] warned: bool) {
    let warnings = deployment(&[(DeployField::Plan, plan)]).warnings();
    assert_eq!(warnings.contains(&DeployWarning::PlanWithoutHybridConnections), warned);
    assert!(
        warnings.contains(&DeployWarning::IdentifierUri) && warnings.contains(&DeployWarning::HybridConnectionByHand)
    );
}
