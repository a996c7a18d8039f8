//! `itsmc demo`: the TUI on a practice partner, in a throw-away home.

use std::path::Path;

use crate::cli::args::PracticeArgs;
use crate::cli::command::{add, practice};
use crate::model::fault::Fault;
use crate::model::form::{FieldId, Form};
use crate::model::partner::PartnerId;
use crate::model::secret::Secret;
use crate::practice::servicenow::Server;
use crate::runtime::connections;
use crate::runtime::services::Services;

/// Faster than life, so that something happens while one looks.
const SPEED: f64 = 60.0;

/// A home that goes when this is dropped.
///
/// # Errors
/// When no temporary folder can be made.
pub fn home() -> Result<tempfile::TempDir, Fault> {
    let error = |error| Fault::from_io(&std::env::temp_dir(), &error);
    tempfile::Builder::new().prefix("itsmc-demo-").tempdir().map_err(error)
}

/// The vault's key file in a throw-away home.
pub fn key_file(home: &Path) -> std::path::PathBuf {
    home.join("key.txt")
}

/// How often the demo syncs, in minutes: often enough to be seen.
const EVERY: &str = "[settings]\nsync_every_minutes = 1\n";

/// Starts a practice instance and connects it. The form that comes back leads the wizard to the same instance.
///
/// # Errors
/// When the server cannot start or the connection cannot be saved.
pub async fn set_up(services: &Services, args: &PracticeArgs) -> Result<(Server, Form), Fault> {
    let config = services.home.config_file();
    std::fs::write(&config, EVERY).map_err(|error| Fault::from_io(&config, &error))?;
    let speed = if args.speed == 1.0 { SPEED } else { args.speed };
    let server = practice::start(&PracticeArgs { speed, ..args.clone() }).await?;
    let spec = services.spec(&PartnerId::new("servicenow"))?;
    let details = server.sign_in();
    let mut form = Form::new(spec);
    let texts = [
        (FieldId::Name, "contoso".to_owned()),
        (FieldId::ServerUrl, server.url()),
        (FieldId::Username, details.username.clone()),
        (FieldId::ClientId, details.client_id.clone()),
        (FieldId::SyncDays, "120".to_owned()),
    ];
    form.texts.extend(texts);
    form.secrets.insert(FieldId::Password, Secret::new(details.password.clone()));
    form.secrets.insert(FieldId::ClientSecret, Secret::new(details.client_secret.clone()));
    let valid = form.validate(spec, &[]).map_err(add::bad_form)?;
    connections::save(services, &valid).await?;
    form.texts.insert(FieldId::Name, "fabrikam".to_owned());
    Ok((server, form))
}
