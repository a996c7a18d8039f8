//! The command that does what this screen does.

use crate::model::checklist::{ChecklistItem, SeenBy};
use crate::model::export::Format;
use crate::model::items::ItemColumn;
use crate::model::token_list::TokenChoice;
use crate::texts::time;
use crate::ui::app::connection::prompt::Purpose;
use crate::ui::app::connection::{ConnectionScreen, Export, Prompt, Sheet, Tab, TokenSheet};
use crate::ui::app::shell::quoted;

/// The command, without the program's name: of what lies over the tab, else of the tab.
pub fn command(screen: &ConnectionScreen) -> String {
    let name = quoted(screen.name.as_str());
    match screen.sheet() {
        Some(Sheet::Prompt(prompt)) => of_prompt(prompt, &name),
        Some(Sheet::Fixing(_)) => format!("checklist {name}{} --fix", admin(screen).unwrap_or(" --admin USER".into())),
        Some(Sheet::Export(shown)) => export(shown, screen, &name),
        Some(Sheet::Item(item, _)) => of_item(item, &name),
        Some(Sheet::Tokens(TokenSheet::Ask(asked))) => revoke(&name, &asked.tokens, screen),
        Some(Sheet::Tokens(TokenSheet::Revoking(tokens))) => revoke(&name, tokens, screen),
        Some(Sheet::Tokens(TokenSheet::Rotating(_) | TokenSheet::Rotated(..))) => format!("token rotate {name}"),
        Some(Sheet::Tokens(_)) | None => of_tab(screen, &name),
    }
}

fn of_tab(screen: &ConnectionScreen, name: &str) -> String {
    match screen.tab {
        Tab::Items => item(screen, name).unwrap_or_else(|| items(screen, name)),
        Tab::Activity => "status".to_owned(),
        Tab::Test => format!("connection test {name}"),
        Tab::Checklist => format!("checklist {name}{}", admin(screen).unwrap_or_default()),
        Tab::Tokens => format!("token list {name}{}", admin(screen).unwrap_or_default()),
    }
}

/// The sign-in of the admin who is signed in for this session.
fn admin(screen: &ConnectionScreen) -> Option<String> {
    let seen_by =
        screen.installation.whole.value().filter(|_| screen.installation.admin).map(|whole| &whole.seen_by)?;
    match seen_by {
        SeenBy::Admin { user_name } => Some(format!(" --admin {}", quoted(user_name))),
        _ => None,
    }
}

fn of_prompt(prompt: &Prompt, name: &str) -> String {
    match &prompt.purpose {
        Purpose::Admin => {
            let user = prompt.user_name.trim();
            format!("checklist {name} --admin {}", if user.is_empty() { "USER".to_owned() } else { quoted(user) })
        }
        Purpose::Rotate => format!("token rotate {name}"),
        Purpose::NewSecret => format!("token new-secret {name}"),
        Purpose::NewUser(_) => format!("checklist {name} --admin USER --fix"),
    }
}

/// Of an item of the checklist: what the keys on it do.
pub fn of_item(item: &ChecklistItem, name: &str) -> String {
    let does = if item.is_confirmed() {
        "--unconfirm"
    } else if item.on_request.is_some() {
        "--test"
    } else if item.can_be_confirmed() {
        "--confirm"
    } else {
        return format!("checklist {name}");
    };
    format!("checklist {name} {does} {}", quoted(&item.id.to_string()))
}

fn revoke(name: &str, tokens: &[TokenChoice], screen: &ConnectionScreen) -> String {
    let mut listed = false;
    let shown = tokens.iter().map(|token| match token {
        TokenChoice::Held(fingerprint) => format!(" {fingerprint}"),
        TokenChoice::Listed(id) => {
            listed = true;
            format!(" {}", quoted(id))
        }
    });
    let shown: String = shown.collect();
    let admin = admin(screen).filter(|_| listed).unwrap_or_default();
    format!("token revoke {name}{shown}{admin}")
}

/// Of the work item that is shown whole: the command finds exactly this one, by its number.
fn item(screen: &ConnectionScreen, name: &str) -> Option<String> {
    let item = screen.detail.as_ref()?.item.value()?.as_ref()?;
    let removed = if screen.detail.as_ref()?.removed_at.is_some() { " --removed" } else { "" };
    Some(format!("items {name}{}{removed}", option("find", &item.number)))
}

fn items(screen: &ConnectionScreen, name: &str) -> String {
    let filter = &screen.filter;
    let mut words = format!("items {name}");
    let mut add = |name: &str, value: &str| words.push_str(&option(name, value));
    filter.kinds.iter().for_each(|kind| add("kind", kind.id()));
    for state in &filter.states {
        match filter.kinds.len() {
            1 => add("state", &state.value),
            _ => add("state", &format!("{}:{}", state.kind.id(), state.value)),
        }
    }
    filter.priorities.iter().for_each(|priority| add("priority", priority));
    filter.groups.iter().for_each(|group| add("group", group));
    filter.assignees.iter().for_each(|assignee| add("assignee", assignee));
    filter.opened_since.iter().for_each(|since| add("since", &time::since(*since)));
    filter.opened_before.iter().for_each(|before| add("until", &time::before(*before)));
    if !filter.find.trim().is_empty() {
        add("find", filter.find.trim());
    }
    if filter.sort.column != ItemColumn::default() {
        add("sort", filter.sort.column.id());
    }
    words.push_str(if filter.sort.reversed { " --reverse" } else { "" });
    words.extend(filter.open.map(|open| if open { " --open" } else { " --closed" }));
    words.push_str(if filter.removed == Some(true) { " --removed" } else { "" });
    words
}

/// The command that writes the same file.
fn export(export: &Export, screen: &ConnectionScreen, name: &str) -> String {
    let format = export.format().map_or("--csv", Format::option);
    format!("{} {format} > {}", items(screen, name), quoted(export.path.trim()))
}

/// An option with its value. A value that begins with a dash would be taken for an option of its own.
fn option(name: &str, value: &str) -> String {
    let gap = if value.starts_with('-') { '=' } else { ' ' };
    format!(" --{name}{gap}{}", quoted(value))
}
