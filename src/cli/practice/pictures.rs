//! `itsmc pictures`: README's pictures and its recording, drawn by the program itself on practice servers.

use std::path::Path;

use crate::cli::args::{Common, PracticeArgs};
use crate::cli::dispatch;
use crate::cli::practice::demo::{self, Demo};
use crate::cli::practice::recording;
use crate::cli::practice::stage::Stage;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::ui::app::key::{Code, Key};
use crate::ui::tui::theme::Theme;

/// The size of the pictures.
pub const SIZE: (u16, u16) = (100, 28);
/// The size of the picture that shows what a wide terminal is good for.
const WIDE: (u16, u16) = (160, 36);

/// The options of a command that draws.
pub const SILENT: Common = Common { home: None, lang: None, json: false, quiet: true, key_file: None, ca_file: None };

/// The practice servers that are drawn.
pub fn practice() -> PracticeArgs {
    PracticeArgs { port: 0, incident_log: None, rows: None, speed: 1.0, layout: None }
}

/// Draws `dashboard.svg`, `light.svg`, `connection.svg`, `items.svg`, `tokens.svg` and `wizard.svg` into the folder, and with the recording
/// `failed.svg`, `fix.svg` and `itsmc.svg`.
///
/// # Errors
/// When a practice server cannot be synced or a picture not be written.
pub async fn run(dir: &Path) -> Result<u8, Fault> {
    std::fs::create_dir_all(dir).map_err(|error| Fault::from_io(dir, &error))?;
    let home = demo::home()?;
    let services = dispatch::services(&SILENT, Lang::En, Some(home.path()))?;
    let demo = Demo::set_up(&services, &practice()).await?;
    let mut stage = Stage::start(services, SIZE);
    let drawn = draw_all(&mut stage, dir).await;
    demo.stop().await;
    drawn?;
    recording::run(dir).await?;
    Ok(0)
}

async fn draw_all(stage: &mut Stage, dir: &Path) -> Result<(), Fault> {
    stage.settle().await?;
    stage.save(&dir.join("dashboard.svg"))?;
    stage.save_in(&dir.join("light.svg"), Theme::Light)?;
    stage.key(Code::Enter);
    stage.settle().await?;
    stage.save(&dir.join("connection.svg"))?;
    stage.resize(WIDE);
    stage.key(Code::Enter);
    stage.settle().await?;
    stage.save(&dir.join("items.svg"))?;
    stage.resize(SIZE);
    stage.key(Code::Esc);
    (0..4).for_each(|_| stage.key(Code::Tab));
    stage.settle().await?;
    stage.save(&dir.join("tokens.svg"))?;
    stage.key(Code::Esc);
    stage.press(Key::char('n'));
    stage.settle().await?;
    (0..2).for_each(|_| stage.key(Code::Enter));
    for field in ["fabrikam", "fabrikam.service-now.com", "", "azure.integration"] {
        stage.type_text(field)?;
        stage.key(Code::Tab);
    }
    stage.save(&dir.join("wizard.svg"))
}
