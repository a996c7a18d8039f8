//! What a sweep heals: rows that were deleted, hidden, restored, stamped in the past or not at all; and another identity.

use std::collections::BTreeMap;

use itsmc_practice::servicenow::{FaultKind, FaultSpec, Options, Server, Truth};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::site::{NAME, Site, assert_in_no_file, shown};

/// A synced site, and the ids of its incidents in the order of (changed, id).
fn synced() -> (Site, Vec<String>) {
    let site = Site::connected(Options { rows: Some(300), ..Options::still() });
    site.ok(&["sync"]);
    let ids = site.control.rows("incident").into_iter().map(|row| row["sys_id"].value.clone()).collect();
    (site, ids)
}

/// The stored incidents that the product is held to have, by id: title and change time.
fn stored(site: &Site) -> BTreeMap<String, (String, String)> {
    let (_, items) = site.json(&["items", "--kind", "incident"]);
    let text = |item: &Value, name: &str| item[name].as_str().unwrap_or_default().to_owned();
    let present = items.as_array().unwrap().iter().filter(|item| item["RemovedDate_t"].is_null());
    present
        .map(|item| (text(item, "ServiceDeskSourceId_s"), (text(item, "Title_s"), text(item, "LastModifiedDate_t"))))
        .collect()
}

/// The same, as the instance has them; a row without a stamp by its time of opening.
fn truth(site: &Site, seen: impl Fn(&Truth) -> bool) -> BTreeMap<String, (String, String)> {
    let rows = site.control.rows("incident").into_iter().filter(seen);
    let time = |row: &Truth| {
        let stamp = &row["sys_updated_on"].value;
        let stamp = if stamp.is_empty() { &row["opened_at"].value } else { stamp };
        format!("{}Z", stamp.replace(' ', "T"))
    };
    rows.map(|row| (row["sys_id"].value.clone(), (row["short_description"].value.clone(), time(&row)))).collect()
}

fn sweep_of(document: &Value) -> &Value {
    let rows = document.as_array().unwrap();
    &rows.iter().find(|row| row["kind"] == "incident").unwrap()["sweep"]
}

fn check(site: &Site) -> i32 {
    site.run(&["status", "--check"]).status.code().unwrap()
}

#[test]
fn d4_deleted_rows_are_marked_by_verify_and_by_full_and_come_back() {
    let (site, ids) = synced();
    let open =
        |site: &Site| site.json(&["status"]).1["connections"][0]["work_items"]["incident"]["open"].as_u64().unwrap();
    let was_open = open(&site);
    let rows = site.control.rows("incident");
    let active = |id: &&String| rows.iter().any(|row| row["sys_id"].value == **id && row["active"].value == "true");
    let deleted: Vec<_> = ids.iter().take(ids.len() - 1).filter(active).take(5).cloned().collect();
    deleted.iter().for_each(|id| site.control.delete_row("incident", id).unwrap());
    let (code, found) = site.json(&["verify", NAME]);
    assert_eq!((code, &sweep_of(&found)["removed"]), (8, &5.into()), "{found}");
    assert_eq!(open(&site), was_open - 5);
    assert_eq!(stored(&site), truth(&site, |_| true));
    let (_, removed) = site.json(&["items", "--removed"]);
    assert_eq!(removed.as_array().unwrap().len(), 5);
    assert_eq!(check(&site), 0, "what was found is put right");
    let (code, found) = site.json(&["verify", NAME]);
    assert_eq!((code, &sweep_of(&found)["removed"]), (0, &0.into()), "{found}");

    site.control.undelete_row("incident", &deleted[0]).unwrap();
    site.control.delete_row("incident", &ids[0]).unwrap();
    let (code, found) = site.json(&["sync", "--full"]);
    assert_eq!((code, &sweep_of(&found)["removed"]), (0, &1.into()), "{found}");
    assert_eq!(stored(&site), truth(&site, |_| true));
}

#[test]
fn d3_hidden_rows_are_remembered_kept_and_reread() {
    let site = Site::connected(Options { rows: Some(300), ..Options::still() });
    let ids: Vec<_> = site.control.rows("incident").into_iter().map(|row| row["sys_id"].value.clone()).collect();
    let hidden: Vec<_> = ids.iter().step_by(15).cloned().collect();
    hidden.iter().for_each(|id| site.control.hide_row("incident", id, true).unwrap());
    assert_eq!(site.run(&["sync"]).status.code(), Some(8));
    assert_eq!(check(&site), 8);
    let (_, status) = site.json(&["status"]);
    let finding = &status["connections"][0]["findings"][0];
    assert_eq!((&finding["code"], &finding["hidden"]), (&"not-verified".into(), &hidden.len().into()), "{status}");
    assert_eq!(stored(&site).len(), ids.len() - hidden.len());
    hidden.iter().for_each(|id| site.control.hide_row("incident", id, false).unwrap());
    assert_eq!(check(&site), 8, "nobody has looked again yet");
    site.ok(&["sync"]);
    assert_eq!(check(&site), 0);
    assert_eq!(stored(&site), truth(&site, |_| true));

    // Rows that are stored and hidden afterwards are kept, and told from one that is gone.
    hidden.iter().for_each(|id| site.control.hide_row("incident", id, true).unwrap());
    site.control.delete_row("incident", &ids[1]).unwrap();
    let (code, found) = site.json(&["verify", NAME]);
    let sweep = sweep_of(&found);
    assert_eq!((code, &sweep["removed"], &sweep["hidden"]), (8, &1.into(), &hidden.len().into()), "{found}");
    assert_eq!(stored(&site), truth(&site, |_| true));
    assert_eq!(check(&site), 8);
}

#[test]
fn d2_a_restored_instance_is_noticed_by_the_next_sync() {
    let (site, ids) = synced();
    site.control.keep_snapshot("before");
    for id in ids.iter().take(40) {
        site.control.edit_row("incident", id, &[("short_description", "Changed after the backup")]).unwrap();
    }
    site.control.add_row("incident", &[("short_description", "Made after the backup"), ("number", "INC99")]).unwrap();
    site.ok(&["sync"]);
    site.control.restore_snapshot("before").unwrap();
    let (code, found) = site.json(&["sync"]);
    let sweep = sweep_of(&found);
    assert_eq!((code, &sweep["reason"]), (0, &"restored".into()), "{found}");
    assert_eq!((&sweep["changed"], &sweep["removed"]), (&40.into(), &1.into()), "{found}");
    assert_eq!(stored(&site), truth(&site, |_| true));
    assert_eq!(check(&site), 0);
}

#[test]
fn d5_rows_without_a_new_stamp_or_any_are_found() {
    let (site, ids) = synced();
    let edit = |id: &str, fields: &[(&str, &str)]| site.control.edit_row_silently("incident", id, fields).unwrap();
    edit(&ids[3], &[("short_description", "Counted, not stamped"), ("sys_mod_count", "777")]);
    edit(&ids[4], &[("sys_updated_on", "")]);
    let past = site.control.rows("incident")[200]["sys_updated_on"].value.clone();
    let fields = [("short_description", "Late"), ("sys_updated_on", past.as_str()), ("sys_created_on", past.as_str())];
    site.control.add_row("incident", &fields).unwrap();
    site.control.add_row("incident", &[("short_description", "Never stamped"), ("sys_updated_on", "")]).unwrap();
    let (code, found) = site.json(&["verify"]);
    let sweep = sweep_of(&found);
    assert_eq!((code, &sweep["missing"], &sweep["changed"]), (8, &2.into(), &2.into()), "{found}");
    let titles: Vec<_> = stored(&site).into_values().map(|(title, _)| title).collect();
    for title in ["Counted, not stamped", "Late", "Never stamped"] {
        assert!(titles.iter().any(|stored| stored == title), "{title}");
    }
    assert_eq!(stored(&site).len(), ids.len() + 2);
    let (code, found) = site.json(&["verify"]);
    assert_eq!(code, 0, "{found}");
}

#[test]
fn d13_a_renamed_person_is_healed_by_the_next_change_and_everywhere_when_everything_is_fetched() {
    let (site, _) = synced();
    let rows = site.control.rows("incident");
    let assigned = |row: &&Truth| !row["assigned_to"].value.is_empty();
    let person = rows.iter().find(assigned).unwrap()["assigned_to"].clone();
    let theirs: Vec<_> = rows.iter().filter(|row| row["assigned_to"].value == person.value).collect();
    assert!(theirs.len() > 1);
    let named = |site: &Site, name: &str| {
        let (_, items) = site.json(&["items", "--kind", "incident"]);
        items.as_array().unwrap().iter().filter(|item| item["AssignedTo_s"] == name).count()
    };
    let before = person.display_value.clone().unwrap();
    assert_eq!(named(&site, &before), theirs.len());
    site.control.rename_person(&person.value, "Ada Newname").unwrap();
    let touched = &theirs[0]["sys_id"].value;
    site.control.edit_row("incident", touched, &[("short_description", "Touched")]).unwrap();
    site.ok(&["sync"]);
    assert_eq!((named(&site, "Ada Newname"), named(&site, &before)), (1, theirs.len() - 1));
    site.ok(&["sync", "--full"]);
    assert_eq!((named(&site, "Ada Newname"), named(&site, &before)), (theirs.len(), 0));
}

#[test]
fn d1_another_user_of_the_same_server_starts_another_scope() {
    let (site, ids) = synced();
    // The first user was not shown these; the next one is.
    let hidden: Vec<_> = ids.iter().step_by(9).cloned().collect();
    hidden.iter().for_each(|id| site.control.hide_row("incident", id, true).unwrap());
    site.run(&["verify", NAME]);
    let lost = stored(&site);
    assert_eq!(lost.len(), ids.len(), "rows that are merely hidden are kept");
    let texts: Vec<_> = hidden.iter().map(|id| lost[id].0.clone()).filter(|title| title.len() > 12).collect();
    hidden.iter().for_each(|id| site.control.delete_row("incident", id).unwrap());
    let details = site.control.sign_in();
    let secrets = format!("password = \"{}\"\nclient_secret = \"{}\"\n", details.password, details.client_secret);
    let user = site.control.user(&details.username).unwrap()["sys_id"].value.clone();
    site.control.edit_row_silently("sys_user", &user, &[("user_name", "itsmc.other")]).unwrap();
    let arguments = ["connection", "edit", NAME, "--set", "username=itsmc.other", "--secrets-stdin"];
    let edited = crate::site::with_stdin(&mut site.itsmc(&arguments), &secrets);
    assert!(edited.status.success(), "{}", shown(&edited));
    let (code, reports) = site.json(&["sync"]);
    assert_eq!(code, 0, "{reports}");
    assert_eq!(stored(&site), truth(&site, |_| true), "rows of the user before are gone, everything was fetched");
    assert_eq!(check(&site), 0);
    // Nothing of what was dropped is left in any file.
    let there: Vec<_> = stored(&site).into_values().map(|(title, _)| title).collect();
    for text in texts.iter().filter(|text| !there.contains(text)) {
        assert_in_no_file(site.home(), std::slice::from_ref(text));
    }
}

#[test]
fn d1_another_server_starts_another_scope() {
    let (site, _) = synced();
    let runtime = Runtime::new().unwrap();
    let options = Options { rows: Some(150), seed: 77, ..Options::still() };
    let other = runtime.block_on(Server::start(options)).unwrap();
    let control = other.control();
    let details = control.sign_in().clone();
    let secrets = format!("password = \"{}\"\nclient_secret = \"{}\"\n", details.password, details.client_secret);
    let url = format!("server_url={}", details.url);
    let (user, client) = (format!("username={}", details.username), format!("client_id={}", details.client_id));
    let arguments = ["connection", "edit", NAME, "--set", &url, "--set", &user, "--set", &client, "--secrets-stdin"];
    let edited = crate::site::with_stdin(&mut site.itsmc(&arguments), &secrets);
    assert!(edited.status.success(), "{}", shown(&edited));
    site.ok(&["sync"]);
    let ids: Vec<_> = control.rows("incident").into_iter().map(|row| row["sys_id"].value.clone()).collect();
    assert_eq!(stored(&site).into_keys().collect::<std::collections::BTreeSet<_>>(), ids.into_iter().collect());
    let (_, all) = site.json(&["items"]);
    let there = control.count("incident") + control.count("change_request");
    assert_eq!(all.as_array().unwrap().len(), there, "no row of the old server is left");
    assert_eq!(check(&site), 0);
    runtime.block_on(other.stop());
}

#[test]
fn an_ordinary_sync_without_changes_costs_one_request_a_table() {
    let (site, _) = synced();
    site.ok(&["sync"]);
    site.control.clear_requests();
    let (_, found) = site.json(&["sync"]);
    assert!(sweep_of(&found).is_null(), "{found}");
    let asked = site.control.requests_by_table();
    assert_eq!((asked["incident"], asked["change_request"]), (1, 1), "{:#?}", site.control.requests());
}

#[test]
fn d4_failing_counts_stop_neither_a_sync_nor_a_sweep() {
    for fault in [FaultKind::ServerError, FaultKind::BadRequest] {
        let site = Site::connected(Options { rows: Some(60), ..Options::still() });
        site.control.fault(FaultSpec::new(fault).times(0).on("/stats/"));
        site.ok(&["sync"]);
        let rows = site.control.rows("incident");
        site.control.delete_row("incident", &rows[3]["sys_id"].value).unwrap();
        site.control.hide_row("incident", &rows[9]["sys_id"].value, true).unwrap();
        let (_, found) = site.json(&["verify"]);
        let sweep = sweep_of(&found);
        assert_eq!(
            (&sweep["removed"], &sweep["hidden"], &sweep["unknown"]),
            (&1.into(), &1.into(), &0.into()),
            "{found}"
        );
        assert_eq!(stored(&site), truth(&site, |_| true));
    }
}

#[test]
fn d4_rows_are_not_taken_for_deleted_where_nothing_is_shown_and_counts_fail() {
    let (site, ids) = synced();
    ids.iter().for_each(|id| site.control.hide_row("incident", id, true).unwrap());
    for fault in [FaultKind::ServerError, FaultKind::BadRequest] {
        site.control.clear_faults();
        site.control.fault(FaultSpec::new(fault).times(0).on("/stats/"));
        let (_, found) = site.json(&["verify"]);
        assert_eq!(sweep_of(&found)["removed"], 0, "{found}");
        assert_eq!(check(&site), 8);
        assert_eq!(stored(&site).len(), ids.len());
    }
}
