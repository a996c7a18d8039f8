//! Chooses the front end, runs it, and turns its outcome into an exit code.

use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::FromArgMatches;

use super::args::{Cli, Command, Common, ConnectionCommand, HomeCommand};
use super::command::{
    add, alert, checklist, config, connection, deploy, doctor, edit, items, leaving, mapping, pages, rename, screen,
    status, sync, test, ticket, token, workspace,
};
use super::complete;
use super::context::Context;
use super::help;
use super::output::{Output, fault_lines};
#[cfg(feature = "demo")]
use super::practice::{demo, pictures, server};
use super::prompt::{self, TerminalAsk};
use super::render::medium::Medium;
use super::signals;
use super::usage_error;
use crate::home::{self, Home};
use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::nearest::nearest;
use crate::model::partner::Catalogue;
use crate::service::services::Services;
use crate::service::syncing::How;
use crate::service::{alerts, workspaces};
use crate::texts::{cli as words, command as command_words, fault as fault_words, time};
use crate::ui::tui::terminal;
use crate::vault::{self, VaultOptions};

/// The whole program, but for what `main` must do first.
pub fn run() -> ExitCode {
    if complete::is_asked() && complete::answered(help::asked(std::env::args_os()).unwrap_or_else(of_locale)) {
        return ExitCode::SUCCESS;
    }
    let cli = match parsed() {
        Ok(cli) => cli,
        Err(code) => return ExitCode::from(code),
    };
    time::show_in(jiff::tz::TimeZone::system());
    let output = Output { lang: language(&cli.common), json: cli.common.json, quiet: cli.common.quiet };
    // A panic has told of itself on stderr; who reads JSON gets its document all the same.
    let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| start(cli, output)));
    let outcome = outcome.unwrap_or_else(|_| Err(Fault::Internal { what: "a panic".to_owned() }));
    ExitCode::from(outcome.unwrap_or_else(|fault| ended_by(output, &fault)))
}

/// Tells of the fault that ended the program, and gives its exit code. Who left a question or sent a signal knows why it
/// ended; a program that reads JSON gets its document all the same.
fn ended_by(output: Output, fault: &Fault) -> u8 {
    let signal = signals::received();
    if !prompt::was_left() && (signal.is_none() || *fault != Fault::Interrupted) {
        output.fault(fault);
        return fault.exit_code();
    }
    if output.json {
        output.fault(&Fault::Interrupted);
    }
    signal.unwrap_or(Fault::Interrupted.exit_code())
}

/// What was asked for.
///
/// # Errors
/// The exit code after wrong use, and after help, which were told here.
fn parsed() -> Result<Cli, u8> {
    let lang = help::asked(std::env::args_os()).unwrap_or_else(of_locale);
    let matches = help::command(lang).try_get_matches();
    let parsed = matches.and_then(|matches| Cli::from_arg_matches(&matches)).and_then(|cli| match &cli.command {
        Some(Command::Help { command }) => Err(help::of(lang, command)),
        // There is no page of a command that does not exist.
        Some(Command::Man { command, .. }) => {
            Some(help::of(lang, command)).filter(clap::Error::use_stderr).map_or(Ok(cli), Err)
        }
        _ => Ok(cli),
    });
    parsed.map_err(|error| refused(lang, &help::without_hidden(lang, error)))
}

/// Tells of wrong use in the form that was asked for, or prints the help, and gives the exit code.
fn refused(lang: Lang, error: &clap::Error) -> u8 {
    let text = error.render().to_string();
    if error.use_stderr() && help::asks_for_json(std::env::args_os()) {
        let told = text.split("\n\n").next().unwrap_or_default();
        let told = told.strip_prefix("error: ").unwrap_or(told).trim();
        let what = usage_error::summary(lang, error).unwrap_or_else(|| told.to_owned());
        Output { lang, json: true, quiet: true }.fault(&Fault::BadUsage { what });
    } else if let Some(dutch) = usage_error::in_dutch(lang, error) {
        eprint!("{dutch}");
    } else if error.use_stderr() && clean(&text, true) != text {
        // It repeats an argument that could steer the terminal.
        eprint!("{}", clean(&text, true));
    } else {
        // What cannot be told to a stream that is closed is lost.
        let _ = error.print();
    }
    u8::try_from(error.exit_code()).unwrap_or(2)
}

fn start(cli: Cli, output: Output) -> Result<u8, Fault> {
    let started = |error: &std::io::Error| match Fault::from_io(Path::new(""), error) {
        fault @ Fault::TooManyOpenFiles { .. } => fault,
        _ => Fault::Internal { what: error.to_string() },
    };
    // The runtime opens up to six files, and panics where one of them is too many.
    let room: std::io::Result<Vec<_>> = (0..3).map(|_| std::io::pipe()).collect();
    drop(room.map_err(|error| started(&error))?);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| started(&error))?;
    let outcome = runtime.block_on(dispatch(cli, output));
    // What still blocks a thread, such as a keyring that hangs, is not waited for.
    runtime.shutdown_timeout(Duration::from_millis(200));
    outcome
}

async fn dispatch(cli: Cli, output: Output) -> Result<u8, Fault> {
    match cli.command {
        Some(Command::Completions { shell }) => pages::completions(output, shell),
        Some(Command::Man { command, out }) => pages::man(output, &command, out.as_deref()),
        // It was told instead of the arguments.
        Some(Command::Help { .. }) => Ok(0),
        #[cfg(feature = "demo")]
        Some(Command::Pictures { dir }) => pictures::run(&dir).await,
        Some(Command::Deploy(args)) => signals::cancelled_by(|_| async move { deploy::run(output, &args) }).await,
        #[cfg(feature = "demo")]
        Some(Command::Practice { partner, bare, args }) => {
            let serve = |cancel| async move { server::run(output, &partner, bare, &args, &cancel).await };
            signals::cancelled_by(serve).await
        }
        #[cfg(feature = "demo")]
        Some(Command::Demo(args)) => demo::run(&cli.common, output.lang, &args).await,
        None => screen::open(&cli.common, output.lang).await,
        Some(Command::Home(command)) => {
            let services = services(&cli.common, output.lang, None)?;
            signals::cancelled_by(|cancel| async move {
                let context = Context { services, output, cancel };
                match commanded(&context, command).await {
                    Err(fault) => suggested(&context, fault).await,
                    done => done,
                }
            })
            .await
        }
    }
}

/// Says which connection, workspace, source or rule may be meant where there is none of the given name.
async fn suggested(context: &Context, fault: Fault) -> Result<u8, Fault> {
    let services = &context.services;
    let (name, known): (_, Vec<String>) = match &fault {
        Fault::NoSuchConnection { name } => {
            let known = services.names().await.unwrap_or_default();
            (name, known.iter().map(ToString::to_string).collect())
        }
        Fault::NoSuchWorkspace { name } => (name, workspaces::names(services).await.unwrap_or_default()),
        Fault::NoSuchSource { name } => (name, alerts::source_names(services).await.unwrap_or_default()),
        Fault::NoSuchRule { name } => (name, alerts::rule_names(services).await.unwrap_or_default()),
        _ => return Err(fault),
    };
    let lang = context.output.lang;
    let told = match nearest(name, known.iter().map(String::as_str)) {
        _ if context.output.json || known.is_empty() => return Err(fault),
        Some(near) => command_words::did_you_mean(lang, near),
        None => command_words::there_are(lang, &known.join(", ")),
    };
    context.output.fault(&fault);
    eprintln!("  {}", Medium::stderr().shown(told));
    Ok(fault.exit_code())
}

async fn commanded(context: &Context, command: HomeCommand) -> Result<u8, Fault> {
    let only_reads = match &command {
        HomeCommand::Status { .. } | HomeCommand::Items(_) | HomeCommand::Doctor => true,
        HomeCommand::Alert(command) => command.only_reads(),
        _ => false,
    };
    if only_reads {
        // The others open the secret store, which refuses such a home.
        if let Err(fault) = context.services.home.check_private() {
            context.output.say(&fault_lines(context.output.lang, &fault).join("\n").replacen('✗', "▲", 1));
        }
    }
    match command {
        HomeCommand::Connection(command) => {
            let ended = about_connections(context, command).await;
            // A sign-in whose connection was not saved, for whatever reason.
            leaving::give_up(context).await;
            ended
        }
        HomeCommand::Sync { names, full } => sync::run(context, &names, How { full, verify: false }).await,
        HomeCommand::Verify { names } => sync::run(context, &names, How { full: false, verify: true }).await,
        HomeCommand::Status { check, max_age } => status::run(context, check, max_age).await,
        HomeCommand::Items(args) => items::run(context, &args).await,
        HomeCommand::Checklist(args) => checklist::run(context, &args).await,
        HomeCommand::Token(command) => token::run(context, command).await,
        HomeCommand::Workspace(command) => workspace::run(context, command).await,
        HomeCommand::Alert(command) => alert::run(context, command).await,
        HomeCommand::Ticket(command) => ticket::run(context, command).await,
        HomeCommand::Config(command) => config::run(context, command).await,
        HomeCommand::Doctor => doctor::run(context).await,
    }
}

async fn about_connections(context: &Context, command: ConnectionCommand) -> Result<u8, Fault> {
    match command {
        ConnectionCommand::Template { partner } => connection::template(context, &partner),
        ConnectionCommand::Add { file, secrets_stdin, signed_out } => match file {
            Some(file) => add::run(context, &file, secrets_stdin, signed_out).await,
            None => add::ask(context, signed_out).await,
        },
        ConnectionCommand::List => connection::list(context).await,
        ConnectionCommand::Show { name } => connection::show(context, &context.named(name).await?).await,
        ConnectionCommand::Edit { name, set, secrets_stdin } => {
            edit::run(context, &context.named(name).await?, &set, secrets_stdin).await
        }
        ConnectionCommand::Rename { from, to, yes } => rename::run(context, &from, &to, yes).await,
        ConnectionCommand::Mapping { name, file, secrets_stdin, write, rebind } => {
            let name = if file.is_some() { None } else { Some(context.named(name).await?) };
            let subject = mapping::Subject { name, file, secrets_stdin };
            mapping::run(context, &subject, write, rebind).await
        }
        ConnectionCommand::Test { name, trace } => {
            test::run(context, &context.named(name).await?, trace.as_deref()).await
        }
        ConnectionCommand::Remove { name, yes } => connection::remove(context, &name, yes).await,
    }
}

/// Knows the home of this run and what works on it; a throw-away home brings its own key.
///
/// # Errors
/// When there is no home, or none can be made. That the log cannot be written is only said.
pub fn services(common: &Common, lang: Lang, throw_away: Option<&std::path::Path>) -> Result<Arc<Services>, Fault> {
    let (home, vault_options) = match throw_away {
        Some(dir) => (Home::in_dir(dir), VaultOptions::key_file_only(dir.join("key.txt"))),
        None => (Home::choose(common.home.clone())?, VaultOptions::from_env(common.key_file.clone())),
    };
    let output = Output { lang, json: false, quiet: common.quiet };
    // A home that is there and may only be read can be read.
    if let Err(fault) = home.prepare()
        && !home.config_dir().is_dir()
    {
        return Err(fault);
    }
    if let Err(fault) = home::log::start(&home) {
        output.say(&format!("▲ {}", clean(&words::no_log(lang, &fault_words::summary(lang, &fault)), true)));
    }
    for path in vault::doctor::open_key_files(&home.vault_paths(), &vault_options) {
        output.say(&format!("▲ {}", clean(&words::key_open_to_others(lang, &path.display().to_string()), true)));
    }
    // A config file that cannot be read is told by whoever needs it.
    if let Ok(config) = home::config::load(&home) {
        config.settings.charset.into_iter().for_each(terminal::configure_charset);
        terminal::configure_colours(config.settings.theme);
    }
    let catalogue = Catalogue::built_in().map_err(|error| Fault::Internal { what: error.to_string() })?;
    let make_ask = Box::new(move || Box::new(terminal_ask(lang)) as Box<dyn crate::vault::AskPassphrase>);
    let services = Services::new(home, Arc::new(catalogue), common.ca_file.clone(), vault_options, make_ask);
    // The old connector wrote its log in English.
    let _ = services
        .describe
        .set(|fault| (crate::texts::fault::summary(Lang::En, fault), crate::texts::fault::cause(Lang::En, fault)));
    Ok(Arc::new(services))
}

fn terminal_ask(lang: Lang) -> TerminalAsk {
    TerminalAsk {
        enter: words::ask_passphrase(lang).to_owned(),
        wrong: words::passphrase_wrong(lang).to_owned(),
        choose: words::ask_new_passphrase(lang).to_owned(),
        repeat: words::ask_passphrase_again(lang).to_owned(),
        differ: words::passphrases_differ(lang).to_owned(),
    }
}

/// `--lang` first, then the locale; the settings may overrule the locale where a home is opened.
fn language(common: &Common) -> Lang {
    common.lang.map_or_else(of_locale, Lang::from)
}

fn of_locale() -> Lang {
    Lang::from_locale(&sys_locale::get_locale().unwrap_or_default())
}
