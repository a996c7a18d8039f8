//! `itsmc demo`: the TUI on practice partners, in a throw-away home.

use crate::cli::args::{Common, PracticeArgs};
use crate::cli::command::add;
use crate::cli::command::screen;
use crate::cli::dispatch;
use crate::cli::practice::cloud::Cloud;
use crate::cli::practice::server;
use crate::model::fault::Fault;
use crate::model::form::{FieldId, Form};
use crate::model::lang::Lang;
use crate::model::partner::{PartnerId, PartnerSpec};
use crate::model::secret::Secret;
use crate::service::connections;
use crate::service::services::Services;
use itsmc_practice::{PRODUCTS, Running, SignInDetails};

/// Opens the screens on practice servers, in a home that is deleted with them.
///
/// # Errors
/// When a practice server cannot start or the terminal refuses.
pub async fn run(common: &Common, lang: Lang, args: &PracticeArgs) -> Result<u8, Fault> {
    if let Err(code) = screen::has_terminal(common, lang) {
        return Ok(code);
    }
    let dir = home()?;
    let services = dispatch::services(common, lang, Some(dir.path()))?;
    let demo = Demo::set_up(&services, args).await?;
    let model = screen::model(&services, common, lang, screen::program(Some(dir.path())));
    let practice = demo.forms.clone();
    let workspace = demo.cloud.form();
    let model = model.with(|facts| {
        (facts.demo, facts.practice, facts.practice_workspace) = (true, practice, Some(workspace));
    });
    let code = screen::show(services, model).await;
    demo.stop().await;
    code
}

/// Faster than life, so that something happens while one looks.
const SPEED: f64 = 60.0;

/// Alerts come this much slower: one comes or goes about every 20 seconds.
const ALERTS_SLOWER: f64 = 10.0;

/// The product in which the demo makes tickets.
const TICKETS_IN: &str = "servicenow";

/// A home that goes when this is dropped.
///
/// # Errors
/// When no temporary folder can be made.
pub fn home() -> Result<tempfile::TempDir, Fault> {
    let error = |error| Fault::from_io(&std::env::temp_dir(), &error);
    tempfile::Builder::new().prefix("itsmc-demo-").tempdir().map_err(error)
}

/// How often the demo syncs, in minutes: often enough to be seen.
const EVERY: &str = "[settings]\nsync_every_minutes = 1\n";

/// What the wizard is filled in with as the name of one connection more.
const ANOTHER: &str = "fabrikam";

/// The practice servers of a demo, and the forms that lead the wizard to them.
pub struct Demo {
    servers: Vec<Running>,
    /// The practice cloud that the connections feed.
    pub cloud: Cloud,
    /// One form for each server.
    pub forms: Vec<Form>,
}

impl Demo {
    /// Starts the practice servers and connects each.
    ///
    /// # Errors
    /// When a server cannot start or a connection cannot be saved.
    pub async fn set_up(services: &Services, args: &PracticeArgs) -> Result<Self, Fault> {
        let config = services.home.config_file();
        let speed = if args.speed == 1.0 { SPEED } else { args.speed };
        let cloud = Cloud::start(speed / ALERTS_SLOWER).await?;
        let settings = format!("{EVERY}\n{}", cloud.settings());
        std::fs::write(&config, settings).map_err(|error| Fault::from_io(&config, &error))?;
        let mut demo = Self { servers: Vec::new(), cloud, forms: Vec::new() };
        for product in &PRODUCTS {
            // A port that was asked for is the first one's.
            let port = if demo.servers.is_empty() { args.port } else { 0 };
            let args = PracticeArgs { speed, port, ..args.clone() };
            let server = server::start_lifelike(Lang::En, product, &args).await?;
            demo.forms.push(connect(services, server.sign_in(), product.demo_name).await?);
            demo.servers.push(server);
        }
        demo.cloud.connect(services).await?;
        if let Some(product) = PRODUCTS.iter().find(|product| product.id == TICKETS_IN) {
            demo.cloud.watch(services, product.demo_name).await?;
        }
        Ok(demo)
    }

    /// Stops the servers.
    pub async fn stop(self) {
        for server in self.servers {
            server.stop().await;
        }
        self.cloud.stop().await;
    }
}

async fn connect(services: &Services, details: &SignInDetails, name: &str) -> Result<Form, Fault> {
    let spec = services.spec(&PartnerId::new(details.partner))?;
    let mut form = filled(spec, details);
    form.texts.insert(FieldId::Name, name.to_owned());
    let valid = form.validate(spec, &[]).map_err(add::bad_form)?;
    connections::save(services, &valid).await.outcome?;
    form.texts.insert(FieldId::Name, ANOTHER.to_owned());
    Ok(form)
}

/// The form of a practice server; what its partner does not ask for is left out.
fn filled(spec: &PartnerSpec, details: &SignInDetails) -> Form {
    let mut form = Form::new(spec);
    let texts = [
        (FieldId::ServerUrl, details.url.as_str()),
        (FieldId::Username, &details.username),
        (FieldId::ClientId, &details.client_id),
        (FieldId::Tenant, &details.tenant),
        (FieldId::Authority, &details.authority),
        (FieldId::EndpointHost, &details.endpoint_host),
        (FieldId::AzureSubscription, &details.azure_subscription),
        (FieldId::AzureResourceGroup, &details.azure_resource_group),
        (FieldId::RelayNamespace, &details.relay_namespace),
        (FieldId::HybridConnection, &details.hybrid_connection),
        (FieldId::SyncDays, "120"),
    ];
    let asked = |(field, text): &(FieldId, &str)| spec.field(*field).is_some() && !text.is_empty();
    form.texts.extend(texts.into_iter().filter(asked).map(|(field, text)| (field, text.to_owned())));
    let secrets = [(FieldId::Password, &details.password), (FieldId::ClientSecret, &details.client_secret)];
    let given = secrets.into_iter().filter(|(field, text)| spec.field(*field).is_some() && !text.is_empty());
    form.secrets.extend(given.map(|(field, text)| (field, Secret::new(text.clone()))));
    form
}

#[cfg(test)]
mod tests {
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::cli::practice::pictures::{SILENT, practice};
    use crate::model::alert_plan::Verdict;
    use crate::partner::registry;
    use crate::service::alerts;
    use crate::service::ticketing::{self, TicketSettings};
    use crate::store::TicketFilter;

    #[tokio::test]
    async fn the_alerts_of_a_demo_become_tickets_in_its_product() {
        let dir = home().unwrap();
        let services = dispatch::services(&SILENT, Lang::En, Some(dir.path())).unwrap();
        let demo = Demo::set_up(&services, &practice()).await.unwrap();
        let cancel = CancellationToken::new();
        let read = alerts::poll(&services, &[], &cancel).await.unwrap();
        assert!(read[0].fault.is_none() && read[0].new >= 40, "{read:?}");
        let pass = alerts::decide(&services).await.unwrap();
        let opened = pass.verdicts.get(&Verdict::Opened).copied().unwrap_or_default()
            + pass.verdicts.get(&Verdict::OpenedAndResolved).copied().unwrap_or_default();
        assert!(pass.rules_fault.is_none() && opened >= 3, "{pass:?}");
        let written = ticketing::run_all(&services, TicketSettings::default(), cancel.clone()).await.unwrap();
        assert!(written[0].opened == opened && written[0].fault.is_none(), "{written:?}");
        let store = services.store().await.unwrap();
        let tickets = store.tickets(TicketFilter::default(), 100).await.unwrap();
        assert!(tickets.iter().any(|one| one.ticket.as_ref().is_some_and(|ticket| !ticket.state.is_open())));
        let acknowledged = alerts::acknowledge(&services, &cancel).await.unwrap();
        assert!(acknowledged[0].acknowledged > 0 && acknowledged[0].fault.is_none(), "{acknowledged:?}");
        demo.stop().await;
    }

    #[test]
    fn every_partner_has_a_practice_server() {
        assert_eq!(PRODUCTS.each_ref().map(|product| product.id), registry::BUILT_IN.map(|partner| partner.id));
    }
}
