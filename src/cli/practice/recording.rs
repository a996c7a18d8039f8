//! The recording of README: a sign-in that fails, what the program fixes, and 'Completed'; on a practice instance that
//! nobody has prepared.

use std::path::Path;

use itsmc_practice::{Product, SignInDetails};

use crate::cli::dispatch;
use crate::cli::practice::pictures::{SILENT, SIZE, practice};
use crate::cli::practice::stage::Stage;
use crate::cli::practice::{demo, server};
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::ui::app::key::{Code, Key};

/// How long something stands that is to be read, in milliseconds.
const READ: u32 = 2200;
/// How long something stands that is only to be noticed, in milliseconds.
const NOTICE: u32 = 800;
/// The fixes that an instance needs which nobody has prepared.
const FIXES: usize = 3;

/// Draws `itsmc.svg`, which moves, and `failed.svg` and `fix.svg` on its way.
///
/// # Errors
/// When the practice server cannot start, or a picture not be written.
pub async fn run(dir: &Path) -> Result<(), Fault> {
    let home = demo::home()?;
    let services = dispatch::services(&SILENT, Lang::En, Some(home.path()))?;
    let product = Product::find("servicenow").ok_or_else(|| Fault::NotFound { what: "servicenow".to_owned() })?;
    let server = server::start(Lang::En, product, true, &practice()).await?;
    let mut stage = Stage::start(services, SIZE);
    let played = play(&mut stage, server.sign_in(), dir).await;
    server.stop().await;
    played?;
    let path = dir.join("itsmc.svg");
    std::fs::write(&path, stage.frames.svg()).map_err(|error| Fault::from_io(&path, &error))
}

async fn play(stage: &mut Stage, details: &SignInDetails, dir: &Path) -> Result<(), Fault> {
    stage.settle().await?;
    stage.record(NOTICE)?;
    fill_in(stage, details).await?;
    stage.press(Key::ctrl('d'));
    stage.settle().await?;
    stage.record(2 * READ)?;
    stage.save(&dir.join("failed.svg"))?;
    save_signed_out(stage, details).await?;
    fix_all(stage, details, dir).await?;
    sign_in(stage, details).await
}

async fn fill_in(stage: &mut Stage, details: &SignInDetails) -> Result<(), Fault> {
    stage.press(Key::char('n'));
    stage.settle().await?;
    for _ in 0..2 {
        stage.record(NOTICE)?;
        stage.key(Code::Enter);
    }
    for field in ["contoso", &details.url, &details.username] {
        stage.type_text(field)?;
        stage.key(Code::Tab);
        if field == details.url {
            // How one signs in stays as it is.
            stage.key(Code::Tab);
        }
    }
    stage.paste(&details.password);
    stage.key(Code::Tab);
    stage.type_text(&details.client_id)?;
    stage.key(Code::Tab);
    stage.paste(&details.client_secret);
    stage.record(NOTICE)
}

/// The user does not exist yet: an admin signs in and looks.
async fn save_signed_out(stage: &mut Stage, details: &SignInDetails) -> Result<(), Fault> {
    stage.press(Key::char('L'));
    stage.record(READ)?;
    stage.key(Code::Enter);
    stage.settle().await?;
    stage.record(NOTICE)?;
    stage.press(Key::char('A'));
    stage.settle().await?;
    stage.type_text(&details.admin)?;
    stage.key(Code::Tab);
    stage.paste(&details.password);
    stage.record(NOTICE)?;
    stage.key(Code::Enter);
    stage.settle().await?;
    stage.record(READ)
}

async fn fix_all(stage: &mut Stage, details: &SignInDetails, dir: &Path) -> Result<(), Fault> {
    stage.press(Key::char('P'));
    for nth in 0..FIXES {
        stage.settle().await?;
        stage.record(READ)?;
        if nth == 1 {
            stage.save(&dir.join("fix.svg"))?;
        }
        stage.key(Code::Enter);
        if nth == 0 {
            // The new user's password, twice.
            for _ in 0..2 {
                stage.paste(&details.password);
                stage.record(NOTICE)?;
                stage.key(Code::Enter);
            }
        }
        stage.settle().await?;
        stage.record(NOTICE)?;
        match nth + 1 < FIXES {
            true => stage.press(Key::char('p')),
            false => stage.key(Code::Enter),
        }
    }
    stage.settle().await?;
    stage.record(2 * READ)
}

async fn sign_in(stage: &mut Stage, details: &SignInDetails) -> Result<(), Fault> {
    stage.press(Key::char('R'));
    stage.record(NOTICE)?;
    stage.paste(&details.password);
    stage.record(NOTICE)?;
    stage.key(Code::Enter);
    stage.settle().await?;
    stage.record(NOTICE)?;
    stage.key(Code::Enter);
    stage.settle().await?;
    stage.record(READ)?;
    stage.key(Code::Esc);
    stage.settle().await?;
    stage.record(2 * READ)
}
