//! `itsmc deploy`: the parameters and commands that deploy the web app of Service Manager. It writes files and deploys
//! nothing by itself.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::cli::args::DeployArgs;
use crate::cli::output::Output;
use crate::cli::text_file;
use crate::model::clean::clean;
use crate::model::deploy::{DeployField, Deployment, File, files};
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::texts::deploy as words;

/// The one partner with something to deploy.
const PARTNER: &str = "service-manager";

type Given = BTreeMap<DeployField, String>;

/// Reads what is given, asks for the rest, and writes the files.
///
/// # Errors
/// [`Fault::BadUsage`] for values that do not fit or are lacking with nobody to ask, and for files that are there
/// already: none is overwritten. What keeps a file from being read or written.
pub fn run(output: Output, args: &DeployArgs) -> Result<u8, Fault> {
    let lang = output.lang;
    if args.partner != PARTNER {
        return Err(usage(words::nothing_to_deploy(lang, &clean(&args.partner, false))));
    }
    let mut given = match &args.file {
        Some(path) => read(lang, path)?,
        None => Given::new(),
    };
    given.extend(args.given());
    ask(lang, &mut given)?;
    let read = Deployment::read(|field| given.get(&field).cloned(), number());
    let deployment = read.map_err(|problems| usage(words::problems(lang, &problems)))?;
    let warnings = deployment.warnings();
    let texts: Vec<String> = warnings.iter().map(|warning| words::warning(lang, *warning).to_owned()).collect();
    let paths = write(lang, &args.out, &files(&deployment, lang, &texts))?;
    let told: Vec<_> =
        warnings.iter().zip(&texts).map(|(warning, text)| json!({ "id": warning.id(), "text": text })).collect();
    let document = json!({
        "site": deployment.site, "server_url": deployment.url(), "namespace": deployment.namespace,
        "files": paths, "warnings": told,
    });
    output.result(&document, || lines(lang, args, &deployment, &paths, &texts))?;
    Ok(0)
}

fn usage(what: String) -> Fault {
    Fault::BadUsage { what }
}

fn lines(
    lang: Lang,
    args: &DeployArgs,
    deployment: &Deployment,
    paths: &[PathBuf],
    warnings: &[String],
) -> Vec<String> {
    let names = paths.iter().filter_map(|path| path.file_name()).map(|name| format!("  {}", name.display()));
    [words::written(lang, &args.out.display().to_string())]
        .into_iter()
        .chain(names)
        .chain(warnings.iter().map(|text| format!("▲ {text}")))
        .chain([words::next(lang, &deployment.url())])
        .collect()
}

/// The values of a file, by the same keys.
fn read(lang: Lang, path: &Path) -> Result<Given, Fault> {
    let text = text_file::read(path)?;
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
fn needs(field: DeployField, given: &Given, asks: bool) -> Option<Option<crate::model::deploy::DeployProblem>> {
    let problem = given.get(&field).and_then(|text| field.read(text).err());
    (asks || problem.is_some()).then_some(problem)
}

fn typed(lang: Lang, field: DeployField) -> Result<String, Fault> {
    let usual =
        field.default().filter(|usual| !usual.is_empty()).map(|usual| format!(" {}", words::usual(lang, usual)));
    tell(&format!("{}{}: ", words::label(lang, field), usual.unwrap_or_default()))?;
    let mut line = String::new();
    match io::stdin().lock().read_line(&mut line).map_err(|error| Fault::from_io(Path::new("stdin"), &error))? {
        0 => Err(Fault::Interrupted),
        _ => Ok(line.trim().to_owned()),
    }
}

fn tell(text: &str) -> Result<(), Fault> {
    let mut stderr = io::stderr().lock();
    let told = write!(stderr, "{text}").and_then(|()| stderr.flush());
    told.map_err(|error| Fault::from_io(Path::new("stderr"), &error))
}

/// A number nobody can foresee, so that a web app's name is one's own.
fn number() -> u32 {
    use std::hash::{BuildHasher, Hasher};
    let drawn = std::collections::hash_map::RandomState::new().build_hasher().finish();
    u32::try_from(drawn % u64::from(crate::model::deploy::SITE_NUMBERS)).unwrap_or_default()
}

/// Writes all files or, where one of them is there already, none.
fn write(lang: Lang, dir: &Path, files: &[File]) -> Result<Vec<PathBuf>, Fault> {
    let paths: Vec<PathBuf> = files.iter().map(|file| dir.join(file.name)).collect();
    let there: Vec<_> = paths.iter().filter(|path| path.exists()).map(|path| path.display().to_string()).collect();
    if !there.is_empty() {
        return Err(usage(words::there_already(lang, &there.join(", "))));
    }
    fs::create_dir_all(dir).map_err(|error| Fault::from_io(dir, &error))?;
    for (path, file) in paths.iter().zip(files) {
        let opened = OpenOptions::new().write(true).create_new(true).open(path);
        let written = opened.and_then(|mut open| open.write_all(file.text.as_bytes()).and_then(|()| open.sync_all()));
        written.map_err(|error| Fault::from_io(path, &error))?;
    }
    Ok(paths)
}
