//! Wrong use of the command line, told in the language of the other texts. clap tells it in English only.

use std::error::Error as _;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::render::medium::{Medium, Role};
use crate::model::clean::clean;
use crate::model::lang::Lang;
use crate::texts::help::frame;
use crate::texts::usage as words;

/// What is wrong, in Dutch; `None` where clap's own text is the right one: in English, and for help.
pub fn summary(lang: Lang, error: &clap::Error) -> Option<String> {
    if lang != Lang::Nl || !error.use_stderr() {
        return None;
    }
    // It repeats arguments that could steer the terminal.
    what(lang, error).map(|told| clean(&told, true))
}

/// The whole error as it is printed; `None` as for [`summary`].
pub fn in_dutch(lang: Lang, error: &clap::Error) -> Option<String> {
    let mut told = vec![summary(lang, error)?];
    let tips: Vec<_> = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue]
        .into_iter()
        .flat_map(|kind| texts(error, kind))
        .map(|known| format!("'{known}'"))
        .collect();
    if !tips.is_empty() {
        let known = tips.join(&format!(" {} ", words::OR));
        told.push(format!("  {}: {}", words::TIP, words::did_you_mean(&known)));
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = usage.to_string();
        let rest = usage.trim().strip_prefix("Usage:").unwrap_or(usage.trim());
        told.push(format!("{}: {}", frame::usage(lang), rest.trim()));
    }
    told.push(words::MORE_HELP.to_owned());
    let head = Medium::stderr().paint(Role::Error, &format!("{}:", words::ERROR));
    Some(format!("{head} {}\n", told.join("\n\n")))
}

/// What is wrong; `None` for a kind that has no text here.
fn what(lang: Lang, error: &clap::Error) -> Option<String> {
    let text = |kind| texts(error, kind).into_iter().next();
    let argument = || text(ContextKind::InvalidArg);
    let value = || text(ContextKind::InvalidValue).unwrap_or_default();
    let command = || text(ContextKind::InvalidSubcommand);
    let told = match error.kind() {
        ErrorKind::InvalidSubcommand => words::unknown_command(&command()?),
        ErrorKind::MissingSubcommand => {
            with_list(words::command_missing(&command()?), lang, error, ContextKind::ValidSubcommand)
        }
        ErrorKind::UnknownArgument => words::unexpected(&argument()?),
        ErrorKind::MissingRequiredArgument => {
            let missing = texts(error, ContextKind::InvalidArg).into_iter().map(|one| format!("\n  {one}"));
            format!("{}{}", words::MISSING, missing.collect::<String>())
        }
        ErrorKind::InvalidValue => {
            let told = match value() {
                empty if empty.is_empty() => words::value_missing(&argument()?),
                value => words::bad_value(&value, &argument()?),
            };
            with_list(told, lang, error, ContextKind::ValidValue)
        }
        ErrorKind::ValueValidation => {
            let why = error.source().map(|why| format!(": {}", words::why(&why.to_string())));
            format!("{}{}", words::bad_value(&value(), &argument()?), why.unwrap_or_default())
        }
        ErrorKind::ArgumentConflict => conflict(error, &argument().or_else(command)?),
        ErrorKind::TooManyValues => words::too_many(&value(), &argument()?),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => words::too_few(&argument()?),
        _ => return None,
    };
    Some(told)
}

fn conflict(error: &clap::Error, argument: &str) -> String {
    let others = texts(error, ContextKind::PriorArg);
    match others.as_slice() {
        [same] if same == argument => words::given_twice(argument),
        [] => format!("{} {}", words::not_together(argument), words::OTHER_OPTIONS),
        others => {
            let others: Vec<_> = others.iter().map(|other| format!("'{other}'")).collect();
            format!("{} {}", words::not_together(argument), others.join(", "))
        }
    }
}

fn with_list(told: String, lang: Lang, error: &clap::Error, kind: ContextKind) -> String {
    match texts(error, kind) {
        all if all.is_empty() => told,
        all => format!("{told}\n  {}", frame::possible_values(lang, &all.join(", "))),
    }
}

fn texts(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(one)) => vec![one.clone()],
        Some(ContextValue::Strings(all)) => all.clone(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::help;

    fn told(line: &str) -> String {
        let refused = help::command(Lang::Nl).try_get_matches_from(line.split(' ')).unwrap_err();
        let refused = help::without_hidden(Lang::Nl, refused);
        in_dutch(Lang::Nl, &refused).unwrap_or_else(|| panic!("no Dutch: {line}: {refused}"))
    }

    #[test]
    fn wrong_use_is_told_in_dutch() {
        let all = [
            "itsmc itmes",
            "itsmc status --chek",
            "itsmc items --sort nothing",
            "itsmc items --lang",
            "itsmc items --limit many",
            "itsmc items --limit=",
            "itsmc status --max-age 30",
            "itsmc status --max-age soon",
            "itsmc connection show a b",
            "itsmc connection remove",
            "itsmc status --check --check",
            "itsmc token rotate a --client-secret-expires soon",
            "itsmc ticket list --state none",
            "itsmc alert source add prod --sign-in cli --every 99999",
        ];
        let told: String = all.map(|line| format!("$ {line}\n{}\n", told(line))).concat();
        insta::assert_snapshot!(told);
    }

    #[test]
    fn help_and_english_are_left_to_clap() {
        let help = help::command(Lang::Nl).try_get_matches_from(["itsmc", "--help"]).unwrap_err();
        assert_eq!(in_dutch(Lang::Nl, &help), None);
        let refused = help::command(Lang::En).try_get_matches_from(["itsmc", "itmes"]).unwrap_err();
        assert_eq!(in_dutch(Lang::En, &refused), None);
    }
}
