//! The man pages: one for each command, made of its help, its examples, and what all commands share.

use clap::Command;
use clap_mangen::Man;

use super::help;
use crate::model::lang::Lang;
use crate::texts::examples;
use crate::texts::manual::{self as words, ENVIRONMENT, EXIT_STATUS, Entry, FILES};

/// The page of the command with these words; without any, of the whole program. What follows the command is no part of it.
pub fn page_of(lang: Lang, words: &[String]) -> String {
    let tree = built(lang);
    let (mut command, mut path) = (&tree, Vec::new());
    for word in words {
        let Some(below) = command.find_subcommand(word) else { break };
        command = below;
        path.push(below.get_name());
    }
    page(lang, command, &path.join(" "))
}

/// The page of each command, by its file name.
pub fn pages(lang: Lang) -> Vec<(String, String)> {
    let mut pages = Vec::new();
    collect(lang, &built(lang), "", &mut pages);
    pages
}

fn built(lang: Lang) -> Command {
    let mut command = help::command(lang);
    command.build();
    command
}

fn collect(lang: Lang, command: &Command, path: &str, pages: &mut Vec<(String, String)>) {
    let name = format!("itsmc {path}").trim().replace(' ', "-");
    pages.push((format!("{name}.1"), page(lang, command, path)));
    for below in command.get_subcommands().filter(|command| !command.is_hide_set()) {
        collect(lang, below, format!("{path} {}", below.get_name()).trim(), pages);
    }
}

fn page(lang: Lang, command: &Command, path: &str) -> String {
    let man = Man::new(command.clone());
    let mut text = Vec::new();
    // Writing to memory cannot fail.
    let _ = man.render_title(&mut text);
    let _ = man.render_name_section(&mut text);
    text.extend_from_slice(synopsis(command, &man).as_bytes());
    let _ = man.render_description_section(&mut text);
    let _ = man.render_options_section(&mut text);
    if command.get_subcommands().any(|command| !command.is_hide_set()) {
        let _ = man.render_subcommands_section(&mut text);
    }
    let mut text = String::from_utf8_lossy(&text).into_owned();
    text += &shown_examples(lang, path);
    text += &section(lang, words::files(lang), &FILES);
    text += &section(lang, words::environment(lang), &ENVIRONMENT);
    text += &section(lang, words::exit_status(lang), &EXIT_STATUS);
    if !path.is_empty() {
        text += &format!(".SH \"{}\"\n.BR itsmc (1)\n", words::see_also(lang));
    }
    text
}

/// The synopsis, with the values of the options, which the library leaves out.
fn synopsis(command: &Command, man: &Man) -> String {
    let mut text = Vec::new();
    let _ = man.render_synopsis_section(&mut text);
    let with_values = command.get_opts().filter(|option| option.get_action().takes_values());
    let named = with_values.filter_map(|option| Some((option.get_long()?, option.get_value_names()?.join(" "))));
    named.fold(String::from_utf8_lossy(&text).into_owned(), |text, (long, values)| {
        let option = format!("\\fB{}\\fR", escaped(&format!("--{long}")));
        text.replace(&option, &format!("{option} \\fI{}\\fR", escaped(&values)))
    })
}

fn shown_examples(lang: Lang, path: &str) -> String {
    let example = |one: &examples::Example| {
        format!(".TP\n\\fB{}\\fR\n{}\n", escaped(&format!("itsmc {}", one.line)), escaped(one.text(lang)))
    };
    let all: String = examples::of(path).iter().map(example).collect();
    if all.is_empty() { all } else { format!(".SH {}\n{all}", words::examples(lang)) }
}

fn section(lang: Lang, title: &str, entries: &[Entry]) -> String {
    let entry = |entry: &Entry| format!(".TP\n\\fB{}\\fR\n{}\n", escaped(entry.0), escaped(words::text(lang, entry)));
    format!(".SH \"{title}\"\n{}", entries.iter().map(entry).collect::<String>())
}

/// A text as roff takes it: no escapes, no requests at the beginning of a line.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-").replace('~', "\\(ti").replace('\'', "\\(aq");
    if text.starts_with('.') { format!("\\&{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_a_command_is_the_one_that_is_installed() {
        let page_of = |line: &str| page_of(Lang::En, &line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        let all = pages(Lang::En);
        for (line, file) in [("", "itsmc.1"), ("sync", "itsmc-sync.1"), ("connection add", "itsmc-connection-add.1")] {
            let (_, installed) = all.iter().find(|(name, _)| name == file).unwrap();
            assert_eq!(page_of(line), *installed, "{line}");
        }
    }

    #[test]
    fn a36_the_synopsis_has_the_values_of_options() {
        let all = pages(Lang::En);
        let synopsis = |file: &str| {
            let (_, page) = all.iter().find(|(name, _)| name == file).unwrap();
            page.split(".SH ").find(|part| part.starts_with("SYNOPSIS")).unwrap().to_owned()
        };
        let items = synopsis("itsmc-items.1");
        assert!(items.contains("[\\fB\\-\\-limit\\fR \\fI") && items.contains("[\\fB\\-\\-open\\fR]"), "{items}");
        let edit = synopsis("itsmc-connection-edit.1");
        assert!(edit.contains("\\fIKEY=VALUE\\fR]"), "{edit}");
    }

    #[test]
    fn a36_every_page_that_a_page_points_to_is_written() {
        for lang in [Lang::En, Lang::Nl] {
            let pages = pages(lang);
            assert!(pages.len() > 20, "{}", pages.len());
            for (name, text) in &pages {
                for title in [words::examples, words::files, words::environment, words::exit_status] {
                    assert!(text.contains(title(lang)), "{name} lacks {}", title(lang));
                }
                for named in text.split_whitespace().filter(|word| word.ends_with("(1)") && word.contains("itsmc")) {
                    let plain = named.replace("\\-", "-").replace("\\fB", "").replace("\\fR", "");
                    let file = format!("{}.1", plain.trim_end_matches("(1)"));
                    assert!(pages.iter().any(|(known, _)| *known == file), "{name} points to {file}");
                }
            }
        }
    }
}
