//! `--help` in the language of the other texts. clap builds it in English; for another language each text of the
//! command tree is replaced, and so are the headings that clap lets be replaced. `[OPTIONS]` in the usage stays English;
//! clap's errors are told by `usage_error`.

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory};

use super::args::Cli;
use crate::model::lang::Lang;
use crate::texts::examples::{self, Example};
use crate::texts::help::{self, frame};

/// The widest that help gets, in columns.
const WIDEST: usize = 100;

/// The command tree with its help in this language.
pub fn command(lang: Lang) -> Command {
    let command = match lang {
        Lang::En => Cli::command(),
        Lang::Nl => translated(Cli::command(), lang, true),
    };
    // Below a command the global options take one line; they are understood there all the same.
    let globals = command.get_arguments().filter(|arg| arg.is_global_set()).map(|arg| arg.clone().hide(true));
    let globals: Vec<_> = globals.collect();
    command
        .max_term_width(WIDEST)
        .after_help(format!("{}\n\n{}", shown_examples(lang, ""), help::after_help(lang)))
        .mut_subcommands(|command| finished(command, lang, "", &globals))
}

/// What `--help` of a command ends with: its help, or that there is no such command.
pub fn of(lang: Lang, words: &[String]) -> clap::Error {
    let words = ["itsmc"].into_iter().chain(words.iter().map(String::as_str)).chain(["--help"]);
    let mut tree = command(lang);
    let ended = tree.try_get_matches_from_mut(words).err();
    ended.unwrap_or_else(|| tree.error(ErrorKind::DisplayHelp, ""))
}

/// The error without suggestions of commands that the help does not show.
pub fn without_hidden(lang: Lang, mut error: clap::Error) -> clap::Error {
    let Some(ContextValue::Strings(near)) = error.remove(ContextKind::SuggestedSubcommand) else { return error };
    let tree = command(lang);
    let is_shown = |name: &String| tree.find_subcommand(name).is_none_or(|command| !command.is_hide_set());
    let near: Vec<_> = near.into_iter().filter(is_shown).collect();
    if !near.is_empty() {
        error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(near));
    }
    error
}

/// A command below the first with its examples and without the global options in its help.
fn finished(command: Command, lang: Lang, above: &str, globals: &[Arg]) -> Command {
    let path = format!("{above}{}", command.get_name());
    let shown = shown_examples(lang, &path);
    let gap = if shown.is_empty() { "" } else { "\n\n" };
    command
        .max_term_width(WIDEST)
        .args(globals)
        .after_help(format!("{shown}{gap}{}", examples::globals(lang)))
        .mut_subcommands(|command| finished(command, lang, &format!("{path} "), globals))
}

fn shown_examples(lang: Lang, path: &str) -> String {
    let all = examples::of(path);
    let widest = all.iter().map(|example| example.line.len()).max().unwrap_or_default();
    let line = |example: &Example| format!("\n  itsmc {:<widest$}  {}", example.line, example.text(lang));
    let lines: String = all.iter().map(line).collect();
    if lines.is_empty() { lines } else { format!("{}:{lines}", examples::examples(lang)) }
}

/// The language that the arguments ask for by `--lang`, before they are understood.
pub fn asked(args: impl IntoIterator<Item = OsString>) -> Option<Lang> {
    let mut args = args.into_iter().map(|arg| arg.to_string_lossy().into_owned()).take_while(|arg| arg != "--");
    let mut value = None;
    while let Some(arg) = args.next() {
        value = match arg.strip_prefix("--lang") {
            Some("") => args.next(),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => value,
        };
    }
    match value?.as_str() {
        "nl" => Some(Lang::Nl),
        "en" => Some(Lang::En),
        _ => None,
    }
}

/// Whether the arguments ask for JSON, before they are understood.
pub fn asks_for_json(args: impl IntoIterator<Item = OsString>) -> bool {
    args.into_iter().take_while(|arg| arg != "--").any(|arg| arg == "--json")
}

fn translated(command: Command, lang: Lang, whole: bool) -> Command {
    let about = command.get_about().map(dutch);
    let flags = flags(lang).into_iter().take(if whole { 2 } else { 1 });
    let command = command
        .disable_help_flag(true)
        .disable_version_flag(true)
        .args(flags)
        .help_template(format!(
            "{{about-with-newline}}\n{}: {{usage}}\n\n{{all-args}}{{after-help}}",
            frame::usage(lang)
        ))
        .subcommand_help_heading(frame::commands(lang))
        .subcommand_value_name(frame::command(lang))
        .mut_args(|arg| argument(arg, lang))
        .mut_subcommands(|command| translated(command, lang, false));
    match about {
        Some(about) => command.about(about),
        None => command,
    }
}

fn flags(lang: Lang) -> [Arg; 2] {
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).help(frame::help(lang));
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
    [help, version.help(frame::version(lang))]
}

fn argument(arg: Arg, lang: Lang) -> Arg {
    let heading = if arg.is_positional() { frame::arguments(lang) } else { frame::options(lang) };
    let words = [arg.get_help().map(dutch), notes(&arg, lang)].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let told = arg.get_action().takes_values();
    arg.help(words).help_heading(heading).hide_default_value(told).hide_possible_values(told).hide_env(told)
}

/// What clap would add in English: the default, the possible values, the variable.
fn notes(arg: &Arg, lang: Lang) -> Option<String> {
    if !arg.get_action().takes_values() {
        return None;
    }
    let list = |values: Vec<String>| (!values.is_empty()).then(|| values.join(", "));
    let defaults = arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
    let possible = arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    let variable = arg.get_env().map(|name| frame::variable(lang, &name.to_string_lossy()));
    let notes = [
        list(defaults).map(|values| frame::default_value(lang, &values)),
        list(possible)
            .filter(|_| !arg.is_hide_possible_values_set())
            .map(|values| frame::possible_values(lang, &values)),
        variable,
    ];
    list(notes.into_iter().flatten().collect()).map(|notes| notes.replace("], [", "] ["))
}

fn dutch(english: &StyledStr) -> String {
    let english = english.to_string();
    help::dutch(&english).map_or(english, str::to_owned)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Every text that people read in the help, hidden commands aside.
    fn texts(command: &Command, into: &mut BTreeSet<String>) {
        into.extend(command.get_about().map(ToString::to_string));
        for arg in command.get_arguments().filter(|arg| !matches!(arg.get_id().as_str(), "help" | "version")) {
            assert!(arg.get_help().is_some(), "{} of {} says nothing", arg.get_id(), command.get_name());
            assert!(arg.get_long_help().is_none(), "{}: one text is enough", arg.get_id());
            into.extend(arg.get_help().map(ToString::to_string));
        }
        command.get_subcommands().filter(|command| !command.is_hide_set()).for_each(|command| texts(command, into));
    }

    #[test]
    fn every_command_and_argument_speaks_dutch() {
        let mut said = BTreeSet::new();
        texts(&Cli::command(), &mut said);
        let known: BTreeSet<_> = help::known().map(str::to_owned).collect();
        assert_eq!(said.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new(), "without Dutch");
        assert_eq!(known.difference(&said).collect::<Vec<_>>(), Vec::<&String>::new(), "nobody says this");
        assert!(help::known().all(|english| help::dutch(english) != Some(english)));
    }

    #[test]
    fn possible_values_name_themselves_in_any_language() {
        let explained: Vec<_> = Cli::command()
            .get_arguments()
            .flat_map(Arg::get_possible_values)
            .filter_map(|value| Some((value.get_name().to_owned(), value.get_help()?.to_string())))
            .collect();
        assert_eq!(explained, [("en".into(), "English".into()), ("nl".into(), "Nederlands".into())]);
    }

    #[test]
    fn the_help_of_each_command_is_dutch_to_the_headings() {
        fn walk(command: &mut Command) {
            let help = command.render_long_help().to_string();
            for english in
                ["Usage:", "Options:", "Arguments:", "Commands:", "Print help", "[default", "[env", "Possible"]
            {
                assert!(!help.contains(english), "{}: {english}\n{help}", command.get_name());
            }
            assert!(help.contains("Gebruik: itsmc") && help.contains("Opties:"), "{help}");
            command.get_subcommands_mut().for_each(walk);
        }
        let mut dutch = command(Lang::Nl);
        dutch.build();
        dutch.clone().debug_assert();
        walk(&mut dutch);
    }

    #[test]
    fn a37_the_help_of_every_command_fits_a_screen_and_has_examples() {
        fn walk(command: &mut Command, path: &str, lang: Lang) {
            let help = command.clone().term_width(80).render_help().to_string();
            assert!(help.lines().count() <= 40, "{path}: {} lines\n{help}", help.lines().count());
            let wide: Vec<_> = help.lines().filter(|line| line.chars().count() > 80).collect();
            assert!(wide.is_empty(), "{path}: {wide:?}");
            assert!(!help.contains("see more with"), "{path} has a longer help besides\n{help}");
            assert!(help.contains(lang.pick("Examples:", "Voorbeelden:")), "{path} has no examples\n{help}");
            assert_eq!(help.contains("--ca-file <"), path.is_empty(), "{path}\n{help}");
            for command in command.get_subcommands_mut().filter(|command| !command.is_hide_set()) {
                let path = format!("{path} {}", command.get_name()).trim().to_owned();
                walk(command, &path, lang);
            }
        }
        for lang in [Lang::En, Lang::Nl] {
            let mut command = command(lang);
            command.build();
            walk(&mut command, "", lang);
        }
    }

    #[test]
    fn help_of_a_command_is_what_its_option_prints() {
        let of = |line: &str| super::of(Lang::En, &line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        for line in ["", "sync", "connection", "connection add", "help"] {
            let words = ["itsmc"].into_iter().chain(line.split_whitespace()).chain(["--help"]);
            let option = command(Lang::En).try_get_matches_from(words).unwrap_err();
            assert_eq!(of(line).kind(), ErrorKind::DisplayHelp, "{line}");
            assert_eq!(of(line).to_string(), option.to_string(), "{line}");
        }
        assert!(of("connection add").to_string().contains("itsmc connection add [OPTIONS]"));
        assert_eq!(of("conection").kind(), ErrorKind::InvalidSubcommand);
        assert_eq!(of("connection nothing").kind(), ErrorKind::InvalidSubcommand);
    }

    #[test]
    fn a37_every_example_is_understood() {
        fn walk(command: &Command, path: &str) {
            for example in examples::of(path) {
                let line = example.line.split(['>', '|']).next().unwrap_or_default();
                let line = line.replace("'coffee machine'", "coffee").replace("\"1 - Critical\"", "1");
                let words = ["itsmc"].into_iter().chain(line.split_whitespace());
                assert!(super::command(Lang::En).try_get_matches_from(words).is_ok(), "{}", example.line);
            }
            for command in command.get_subcommands() {
                walk(command, format!("{path} {}", command.get_name()).trim());
            }
        }
        walk(&Cli::command(), "");
    }

    #[test]
    fn a37_unlisted_global_options_work_after_a_command() {
        let line = ["itsmc", "token", "list", "contoso", "--json", "--home", "/x", "--lang", "nl"];
        let matches = command(Lang::En).try_get_matches_from(line).unwrap();
        let cli = <Cli as clap::FromArgMatches>::from_arg_matches(&matches).unwrap();
        assert!(cli.common.json && cli.common.home.is_some() && cli.common.lang.is_some(), "{cli:?}");
    }

    #[test]
    fn both_languages_understand_the_same() {
        let line = ["itsmc", "--lang", "nl", "connection", "edit", "a", "--set", "sync_days=9", "--quiet"];
        let understood = |lang| {
            format!(
                "{:?}",
                command(lang).try_get_matches_from(line).map(|found| found.subcommand_name().map(str::to_owned))
            )
        };
        assert_eq!(understood(Lang::En), understood(Lang::Nl));
        let help = command(Lang::Nl).try_get_matches_from(["itsmc", "sync", "--help"]).unwrap_err();
        assert_eq!(help.kind(), clap::error::ErrorKind::DisplayHelp);
    }

    #[test]
    fn the_language_is_found_before_the_arguments_are_understood() {
        let found = |line: &str| asked(line.split(' ').map(OsString::from));
        assert_eq!(found("itsmc --lang nl --help"), Some(Lang::Nl));
        assert_eq!(found("itsmc sync --lang=en"), Some(Lang::En));
        assert_eq!(found("itsmc sync --lang"), None);
        assert_eq!(found("itsmc sync -- --lang nl"), None);
        assert_eq!(found("itsmc --language=nl"), None);
    }
}
