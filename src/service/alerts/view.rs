//! What the screens show of alerts: their sources, the rules, one alert whole.

use jiff::Timestamp;

use super::{rules, unseen_ends};
use crate::model::alert::{Alert, AlertKey};
use crate::model::alert_plan::Verdict;
use crate::model::alert_view::{AlertStanding, AlertWhole, RulesStanding, SourceStanding, WholeTicket};
use crate::model::cloud::CloudName;
use crate::model::fault::Fault;
use crate::service::services::Services;

/// The sources, how far each was read, and the rules in a line. Where alerts are not used, nothing is counted.
///
/// # Errors
/// The config file's own; the store's own.
pub async fn standing(services: &Services) -> Result<AlertStanding, Fault> {
    let config = services.config().await?;
    let mut told = AlertStanding { rules: rules_standing(services).await?, ..AlertStanding::default() };
    let is_set_up = told.is_used() || !config.alert_sources.is_empty();
    if !is_set_up && !services.home.database().exists() {
        return Ok(told);
    }
    let store = services.store().await?;
    told.tickets = store.has_tickets().await?;
    if !is_set_up && !told.tickets {
        return Ok(told);
    }
    for settings in config.alert_sources {
        let mut subscriptions = Vec::new();
        for id in &settings.subscriptions {
            subscriptions.push((id.clone(), store.source_state(settings.name.as_str(), id).await?));
        }
        told.sources.push(SourceStanding { settings, subscriptions });
    }
    told.unseen_ends = unseen_ends(services).await?;
    told.counts = store.alert_counts(Timestamp::now()).await?;
    Ok(told)
}

async fn rules_standing(services: &Services) -> Result<RulesStanding, Fault> {
    let path = services.home.alert_rules();
    let mut told =
        RulesStanding { path: path.display().to_string(), exists: path.exists(), ..RulesStanding::default() };
    match rules::load(services).await {
        Ok(loaded) => {
            told.rules = loaded.rules.rules.len();
            told.enabled = loaded.rules.rules.iter().filter(|rule| rule.enabled).count();
            told.fault = loaded.fault;
        }
        Err(fault) => told.fault = Some(fault),
    }
    Ok(told)
}

/// One alert whole; `None` if it is not stored any more.
///
/// # Errors
/// The store's own; the config file's own.
pub async fn whole(services: &Services, key: &AlertKey) -> Result<Option<AlertWhole>, Fault> {
    let store = services.store().await?;
    let Some((one, row, times)) = store.alert_whole(key).await? else { return Ok(None) };
    let mut tickets = Vec::new();
    for id in &one.standing.slots {
        for record in store.ticket_with_successors(id).await? {
            let operations = store.operations_of(&record.key.id()).await?;
            tickets.push(WholeTicket { record, operations });
        }
    }
    let misfits = match one.verdict {
        Some(Verdict::NoRule) => rules::load(services).await.unwrap_or_default().rules.differences(&one.alert),
        _ => Vec::new(),
    };
    Ok(Some(AlertWhole {
        portal: portal(services, &one.alert).await?,
        row,
        source: one.source,
        first_seen: one.first_seen,
        last_seen: times.last_seen,
        decided_at: times.decided_at,
        history: store.alert_history(key).await?,
        ignored: one.standing.ignored,
        misfits,
        tickets,
        alert: one.alert,
    }))
}

/// The alert's page in the portal of its cloud; without one the page that the alert names.
async fn portal(services: &Services, alert: &Alert) -> Result<Option<String>, Fault> {
    let cloud = services.config().await?.azure.cloud.name;
    Ok(own_page(alert)
        .or_else(|| page(cloud, alert))
        .or_else(|| Some(alert.link.clone()).filter(|link| !link.is_empty())))
}

/// The page that Azure itself names for this one alert.
fn own_page(alert: &Alert) -> Option<String> {
    let is_own = alert.key.is_guid() && alert.link.to_ascii_lowercase().contains(alert.key.as_str());
    (is_own && alert.link.starts_with("https://")).then(|| alert.link.clone())
}

fn page(cloud: CloudName, alert: &Alert) -> Option<String> {
    let host = match cloud {
        CloudName::Public => "portal.azure.com",
        CloudName::UsGovernment => "portal.azure.us",
        CloudName::China => "portal.azure.cn",
        CloudName::Custom => return None,
    };
    let is_page = alert.id.to_ascii_lowercase().contains("/providers/microsoft.alertsmanagement/alerts/");
    let id: String = url::form_urlencoded::byte_serialize(alert.id.as_bytes()).collect();
    is_page.then(|| format!("https://{host}/#blade/Microsoft_Azure_Monitoring/AlertDetailsTemplateBlade/alertId/{id}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_of_the_list_has_its_page_in_the_portal_of_its_cloud() {
        let key = AlertKey::hashed("one");
        let id = "/subscriptions/s/providers/Microsoft.AlertsManagement/alerts/0".to_owned();
        let alert = Alert { id, ..Alert::new(key.clone()) };
        let shown = page(CloudName::UsGovernment, &alert).unwrap();
        assert!(shown.starts_with("https://portal.azure.us/#blade/") && shown.ends_with("%2Falerts%2F0"), "{shown}");
        let (guid, link) = ("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9", "https://portal.azure.com/#view/x/alertId/");
        let named = |link: String| Alert { link, ..Alert::new(AlertKey::of_id(guid).unwrap()) };
        let own = format!("{link}{}", guid.to_uppercase());
        assert_eq!(own_page(&named(own.clone())), Some(own), "what Azure names is right whatever the portal is like");
        assert_eq!((own_page(&named(link.to_owned())), own_page(&named(format!("javascript:{guid}")))), (None, None));
        assert_eq!((page(CloudName::Custom, &alert), page(CloudName::Public, &Alert::new(key))), (None, None));
    }
}
