//! The practice cloud with the tables and a rule, in a process of its own.

use std::io::BufRead;

use itsmc::model::log_analytics::{Column, LOG, WORK_ITEMS};
use itsmc_practice::azure::{ADMIN, INGESTION_AUDIENCE, MANAGER_AUDIENCE, Options, Server, TableOrder};
use itsmc_practice::entra::Holder;
use serde_json::{Value, json};

use super::super::floor::client;
use super::super::part::{Outcome, print, runtime, text};

const TABLE: &str = "ServiceDesk_CL";
const LOG_TABLE: &str = "ServiceDeskLog_CL";

/// Prints where rows are sent; for each line on stdin, how many were stored since the last one, and forgets them.
pub fn serve() -> Outcome<()> {
    let runtime = runtime()?;
    let server = runtime.block_on(Server::start(Options::default())).map_err(text)?;
    let control = server.control();
    control.change_manners(|manners| {
        manners.requests_per_minute = u32::MAX;
        // Microsoft's client makes requests of one byte more than the documented limit.
        manners.limit_bytes += 1_024;
    });
    control.add_table(&table(TABLE, &WORK_ITEMS)).map_err(text)?;
    control.add_table(&table(LOG_TABLE, &LOG)).map_err(text)?;
    let sign_in = server.sign_in();
    let entra = control.entra();
    let token = |holder: &Holder<'_>, audience: &str| entra.hand_out(&sign_in.tenant, holder, audience, 3_600);
    let rule = runtime.block_on(put_rule(&server, &token(&Holder::User(ADMIN), MANAGER_AUDIENCE)?.0))?;
    let id = rule["id"].as_str().unwrap_or_default();
    control.assign(&sign_in.object_id, "Monitoring Metrics Publisher", id).map_err(text)?;
    let (token, _) = token(&Holder::Application(&sign_in.client_id), INGESTION_AUDIENCE)?;
    print(&json!({
        "url": server.url(), "rule": rule["properties"]["immutableId"], "stream": format!("Custom-{TABLE}"), "token": token,
    }))?;
    for line in std::io::stdin().lock().lines() {
        line.map_err(text)?;
        let rows = control.row_count(None, TABLE).map_err(text)?;
        control.add_table(&table(TABLE, &WORK_ITEMS)).map_err(text)?;
        control.clear_requests();
        print(&json!({ "rows": rows }))?;
    }
    Ok(())
}

fn table(name: &str, columns: &[Column]) -> TableOrder {
    let columns = columns.iter().map(|column| (column.name.to_owned(), column.kind.id().to_owned())).collect();
    TableOrder { name: name.to_owned(), columns, ..TableOrder::default() }
}

async fn put_rule(server: &Server, token: &str) -> Outcome<Value> {
    let sign_in = server.sign_in();
    let group =
        format!("/subscriptions/{}/resourceGroups/{}", sign_in.azure_subscription, sign_in.azure_resource_group);
    let workspace = format!("{group}/providers/Microsoft.OperationalInsights/workspaces/{}", sign_in.workspace);
    let column = |column: &Column| json!({ "name": column.name, "type": column.kind.id() });
    let columns = |all: &[Column]| json!({ "columns": all.iter().map(column).collect::<Vec<_>>() });
    let streams = [TABLE, LOG_TABLE].map(|name| format!("Custom-{name}"));
    let flow = |stream: &String| json!({ "streams": [stream], "destinations": ["la"], "transformKql": "source", "outputStream": stream });
    let body = json!({ "location": "westeurope", "kind": "Direct", "properties": {
        "streamDeclarations": { &streams[0]: columns(&WORK_ITEMS), &streams[1]: columns(&LOG) },
        "destinations": { "logAnalytics": [{ "workspaceResourceId": workspace, "name": "la" }] },
        "dataFlows": streams.each_ref().map(flow),
    } });
    let path = format!("{group}/providers/Microsoft.Insights/dataCollectionRules/itsmc?api-version=2023-03-11");
    let url = format!("{}{path}", server.url().trim_end_matches('/'));
    let put = client()?.put(url).bearer_auth(token).header("content-type", "application/json").body(body.to_string());
    let reply = put.send().await.and_then(reqwest::Response::error_for_status).map_err(text)?;
    serde_json::from_slice(&reply.bytes().await.map_err(text)?).map_err(text)
}
