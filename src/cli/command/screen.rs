//! The terminal UI, on the user's own home or on a practice one.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::cli::args::Common;
use crate::cli::dispatch;
use crate::cli::output::Output;
use crate::cli::render::medium::Medium;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::service::leaving;
use crate::service::services::Services;
use crate::texts::{cli as words, token};
use crate::ui::app::model::Model;
use crate::ui::perform::Tasks;
use crate::ui::perform::jobs;
use crate::ui::tui::run::{self, Failure, Options};
use crate::ui::tui::terminal;

/// What the size is until the terminal tells.
const USUAL_SIZE: (u16, u16) = (80, 24);
/// How long a sync may take to commit its page when the program is left.
const GRACE: Duration = Duration::from_secs(8);
/// Exit code for wrong use.
const WRONG_USE: u8 = 2;

/// Opens the screens on the user's own home.
///
/// # Errors
/// When the home cannot be used or the terminal refuses.
pub async fn open(common: &Common, lang: Lang) -> Result<u8, Fault> {
    if let Err(code) = has_terminal(common, lang) {
        return Ok(code);
    }
    let services = dispatch::services(common, lang, None)?;
    let model = model(&services, common, lang, program(common.named_home().as_deref()));
    show(services, model).await
}

/// How the program is called for this home, for the commands that the screens show.
pub fn program(home: Option<&Path>) -> String {
    match home {
        Some(home) => format!("itsmc --home {}", quoted(&home.display().to_string())),
        None => "itsmc".to_owned(),
    }
}

/// Whether there is a terminal to draw on. If not, prints why and what works instead, and returns the exit code.
///
/// # Errors
/// The exit code, when there is none.
pub fn has_terminal(common: &Common, lang: Lang) -> Result<(), u8> {
    terminal::check().map_err(|no| {
        if common.json {
            let what = no.text(lang).to_owned();
            Output { lang, json: true, quiet: true }.fault(&Fault::BadUsage { what });
        } else {
            say(&format!("{}\n{}", no.text(lang), words::no_terminal_remedy(lang)));
        }
        WRONG_USE
    })
}

/// What the screens show first, in the colours and the language of the config file.
pub fn model(services: &Services, common: &Common, lang: Lang, program: String) -> Model {
    let settings = jobs::settings(services);
    let usual_lang = common.lang.is_none().then_some(lang);
    let lang = if usual_lang.is_some() { settings.lang.unwrap_or(lang) } else { lang };
    let model = Model::new(lang, Timestamp::now(), USUAL_SIZE, services.catalogue.clone());
    model.with(|facts| (facts.program, facts.settings, facts.usual_lang) = (program, settings, usual_lang))
}

/// Runs the screens until the user leaves.
///
/// # Errors
/// When the terminal refuses.
pub async fn show(services: Arc<Services>, model: Model) -> Result<u8, Fault> {
    let lang = model.lang;
    let (queue, inbox) = mpsc::unbounded_channel();
    let tasks = Tasks::new(services.clone(), queue.clone());
    let ended = run::run(model, Options::from_env(), &tasks, queue, inbox).await;
    tasks.finish(GRACE).await;
    // A form that was tested and not saved has tokens that nobody will use.
    let leaving = leaving::give_up(&services).await;
    token::leaving(lang, &leaving).iter().for_each(|line| say(line));
    match ended {
        Ok(code) => Ok(code),
        Err(Failure::NoTerminal(no)) => {
            say(no.text(lang));
            Ok(WRONG_USE)
        }
        Err(Failure::Fault(fault)) => Err(fault),
    }
}

fn say(text: &str) {
    text.lines().for_each(|line| eprintln!("{}", Medium::stderr().prose(line)));
}

fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | ':' | '\\');
    if text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
