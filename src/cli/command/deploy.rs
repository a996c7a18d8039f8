//! `itsmc deploy`: the parameters and commands that deploy the web app of Service Manager. It writes files and deploys
//! nothing by itself.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use serde_json::json;

use crate::cli::args::DeployArgs;
use crate::cli::output::Output;
use crate::cli::prompt;
use crate::cli::render::medium::Medium;
use crate::cli::text_file;
use crate::model::clean::clean;
use crate::model::deploy::{DeployField, DeployProblem, Deployment, Order};
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::partner::{Catalogue, Guide, PartnerId};
use crate::service::deploy;
use crate::texts::deploy as words;

type Given = BTreeMap<DeployField, String>;

/// Reads what is given, asks for the rest, and writes the files.
///
/// # Errors
/// [`Fault::BadUsage`] for values that do not fit or are lacking with nobody to ask, and for files that are there
/// already: none is overwritten. What keeps a file from being read or written.
pub fn run(output: Output, args: &DeployArgs) -> Result<u8, Fault> {
    let lang = output.lang;
    if !has_something(&args.partner)? {
        return Err(usage(words::nothing_to_deploy(lang, &clean(&args.partner, false))));
    }
    let mut given = match &args.file {
        Some(path) => read(lang, path)?,
        None => Given::new(),
    };
    given.extend(args.given());
    ask(lang, &mut given)?;
    let folder = args.out.display().to_string();
    let order = Order::new(given, folder, lang, |lang, warning| words::warning(lang, warning).to_owned());
    let order = order.map_err(|problems| usage(named(lang, &problems)))?;
    let written = deploy::write(&order)?;
    let (deployment, texts) = (&written.deployment, &order.warnings);
    let paths: Vec<_> = written.files.iter().map(|name| args.out.join(name).display().to_string()).collect();
    let warnings = deployment.warnings();
    let told: Vec<_> =
        warnings.iter().zip(texts).map(|(warning, text)| json!({ "id": warning.id(), "text": text })).collect();
    let document = json!({
        "site": deployment.site, "server_url": deployment.url(), "namespace": deployment.namespace,
        "files": paths, "warnings": told,
    });
    output.result(&document, || lines(lang, args, deployment, &written.files, texts))?;
    Ok(0)
}

/// The problems, with each missing value by its option.
fn named(lang: Lang, problems: &[(DeployField, DeployProblem)]) -> String {
    let one = |(field, problem): &(DeployField, DeployProblem)| match problem {
        DeployProblem::Missing => {
            format!("--{}: {}", field.key().replace('_', "-"), words::problem(lang, problem))
        }
        _ => words::problems(lang, &[(*field, problem.clone())]),
    };
    problems.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Whether there is something to deploy for this partner.
fn has_something(partner: &str) -> Result<bool, Fault> {
    let catalogue = Catalogue::built_in().map_err(|error| Fault::Internal { what: error.to_string() })?;
    Ok(catalogue.get(&PartnerId::new(partner)).is_some_and(|spec| spec.has_guide(Guide::Deploy)))
}

fn usage(what: String) -> Fault {
    Fault::BadUsage { what }
}

fn lines(lang: Lang, args: &DeployArgs, deployment: &Deployment, names: &[String], warnings: &[String]) -> Vec<String> {
    let names = names.iter().map(|name| format!("  {name}"));
    [words::written(lang, &args.out.display().to_string())]
        .into_iter()
        .chain(names)
        .chain(warnings.iter().map(|text| format!("▲ {text}")))
        .chain([words::next(lang, &deployment.url())])
        .collect()
}

/// The values of a file, by the same keys.
fn read(lang: Lang, path: &Path) -> Result<Given, Fault> {
    let text = text_file::named(lang, path)?;
    let problem = |reason: String| Fault::FileProblem { path: path.display().to_string(), reason };
    // The parser's own message quotes the line, which may hold what does not belong there.
    let table: toml::Table = toml::from_str(&text).map_err(|_: toml::de::Error| problem("not TOML".to_owned()))?;
    if table.contains_key("password") {
        return Err(usage(words::no_password(lang).to_owned()));
    }
    let known = || DeployField::ALL.map(DeployField::key).join(", ");
    let one = |(key, value): (String, toml::Value)| {
        let shown = clean(&key, false);
        let field = DeployField::from_key(&key).ok_or_else(|| usage(words::unknown_key(lang, &shown, &known())))?;
        let text = value.as_str().ok_or_else(|| usage(words::not_text(lang, &shown)))?;
        Ok((field, text.to_owned()))
    };
    table.into_iter().map(one).collect()
}

/// Asks for what is lacking or does not fit, one after the other, each until it fits. Where there is nobody to ask it is
/// left as it is.
fn ask(lang: Lang, given: &mut Given) -> Result<(), Fault> {
    if !io::stdin().is_terminal() {
        return Ok(());
    }
    for field in DeployField::ALL {
        let mut asks = field.is_asked() && !given.contains_key(&field);
        while let Some(problem) = needs(field, given, asks) {
            if let Some(problem) = problem {
                tell(&format!("✗ {}: {}\n", field.key(), words::problem(lang, &problem)))?;
            }
            given.insert(field, typed(lang, field)?);
            asks = false;
        }
    }
    Ok(())
}

/// Whether a field is to be asked for, and with which problem of what was given.
fn needs(field: DeployField, given: &Given, asks: bool) -> Option<Option<DeployProblem>> {
    let problem = given.get(&field).and_then(|text| field.read(text).err());
    (asks || problem.is_some()).then_some(problem)
}

fn typed(lang: Lang, field: DeployField) -> Result<String, Fault> {
    let usual =
        field.default().filter(|usual| !usual.is_empty()).map(|usual| format!(" {}", words::usual(lang, usual)));
    let line = prompt::line(&format!("{}{}: ", words::label(lang, field), usual.unwrap_or_default()))?;
    Ok(line.trim().to_owned())
}

fn tell(text: &str) -> Result<(), Fault> {
    let mut stderr = io::stderr().lock();
    let text = Medium::stderr().shown(text.to_owned());
    let told = write!(stderr, "{text}").and_then(|()| stderr.flush());
    told.map_err(|error| Fault::from_io(Path::new("stderr"), &error))
}
