//! The files of a deployment: filled-in parameters, the commands to run, and what comes after them. None holds a secret.

use serde_json::{Value, json};

use super::Deployment;
use crate::model::lang::Lang;

/// Microsoft's own template of the web app.
const TEMPLATE: &str = "https://raw.githubusercontent.com/Azure/SMOMSConnector/master/azuredeploy.json";

/// What the hybrid connection is to be called.
pub const HYBRID: &str = "scsm";

/// A file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: &'static str,
    /// What stands in it.
    pub text: String,
}

/// All files of a deployment; `warnings` are the words for what is worth knowing, in the same language.
pub fn files(deployment: &Deployment, lang: Lang, warnings: &[String]) -> Vec<File> {
    let steps = lang.pick(
        include_str!("../../../assets/deploy/next-steps.en.md"),
        include_str!("../../../assets/deploy/next-steps.nl.md"),
    );
    let fill = |text: &str| filled(text, deployment, lang, warnings);
    let file = |name, text| File { name, text };
    vec![
        file("web-app.parameters.json", parameters(&web_app(deployment))),
        file("settings.template.json", include_str!("../../../assets/deploy/settings.template.json").to_owned()),
        file("settings.parameters.json", parameters(&settings(deployment))),
        file("deploy.sh", fill(include_str!("../../../assets/deploy/deploy.sh"))),
        file("deploy.ps1", fill(include_str!("../../../assets/deploy/deploy.ps1"))),
        file("connection.toml", fill(include_str!("../../../assets/deploy/connection.toml"))),
        file("NEXT-STEPS.md", fill(steps)),
    ]
}

/// The parameters of Microsoft's template, by its own names.
fn web_app(deployment: &Deployment) -> Value {
    json!({
        "siteName": { "value": deployment.site },
        "hostingPlanName": { "value": format!("{}-plan", deployment.site) },
        "sku": { "value": deployment.plan },
        "workerSize": { "value": "0" },
        "repoURL": { "value": "https://github.com/Azure/SMOMSConnector.git" },
        "branch": { "value": "master" },
    })
}

/// The parameters of the settings' template, but for those that come of the app registration, and the password: Azure
/// asks for one that is not given.
fn settings(deployment: &Deployment) -> Value {
    let mut values = json!({
        "siteName": { "value": deployment.site },
        "serverName": { "value": deployment.server },
        "domain": { "value": deployment.domain },
        "username": { "value": deployment.username },
    });
    if let Some((vault, secret)) = &deployment.password_secret {
        values["password"] = json!({ "reference": { "keyVault": { "id": vault }, "secretName": secret } });
    }
    values
}

fn parameters(values: &Value) -> String {
    let whole = json!({
        "$schema": "https://schema.management.azure.com/schemas/2015-01-01/deploymentParameters.json#",
        "contentVersion": "1.0.0.0",
        "parameters": values,
    });
    format!("{whole:#}\n")
}

fn filled(text: &str, deployment: &Deployment, lang: Lang, warnings: &[String]) -> String {
    let vault = deployment.password_secret.is_some();
    let account = format!("{}\\{}", deployment.domain, deployment.username);
    let note = match vault {
        true => format!("The password of {account} comes from the key vault; it stands in no file."),
        false => format!("Azure asks for the password of {account} as it goes; it stands in no file."),
    };
    let values: [(&str, &str); 15] = [
        ("site", &deployment.site),
        ("subscription", &deployment.subscription),
        ("group", &deployment.group),
        ("location", &deployment.location),
        ("server", &deployment.server),
        ("domain", &deployment.domain),
        ("username", &deployment.username),
        ("namespace", &deployment.namespace),
        ("url", &deployment.url()),
        ("hybrid", HYBRID),
        ("template", TEMPLATE),
        ("password", password(lang, vault)),
        ("password_note", &note),
        ("namespace_command", &namespace_command(deployment)),
        ("warnings", &warnings.iter().map(|text| format!("> {text}")).collect::<Vec<_>>().join("\n>\n")),
    ];
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{{{name}}}}}"), value))
}

fn password(lang: Lang, vault: bool) -> &'static str {
    match vault {
        true => lang.pick("comes from the key vault", "komt uit de key vault"),
        false => lang.pick("is asked for by Azure as it goes", "wordt onderweg door Azure gevraagd"),
    }
}

/// One that was named is taken to be there, as Microsoft's script takes it: the command fails where it is not.
fn namespace_command(deployment: &Deployment) -> String {
    let Deployment { group, namespace, location, .. } = deployment;
    match deployment.namespace_exists {
        true => format!("az relay namespace show --resource-group '{group}' --name '{namespace}' --output none"),
        false => format!(
            "az relay namespace create --resource-group '{group}' --name '{namespace}' --location '{location}' --output none"
        ),
    }
}
