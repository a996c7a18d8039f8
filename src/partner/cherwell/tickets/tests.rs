//! Incidents in a small Cherwell.

use rstest::rstest;

use super::testing::{FIELDS, KEY, NOTES, System};
use super::*;
use crate::model::mapping::MappingFile;
use crate::model::ticket::{Subject, TicketState};
use crate::partner::testing::Trouble;

fn key() -> TicketKey {
    TicketKey {
        instance: "https://contoso.example".into(),
        connection: "contoso".into(),
        known_as: None,
        subject: Subject::Alert("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9".into()),
        item: None,
        generation: 0,
    }
}

fn draft() -> TicketDraft {
    TicketDraft { title: "CPU high".into(), description: "99 %".into(), ..TicketDraft::default() }
}

fn unknown(key: &TicketKey) -> TicketAt<'_> {
    TicketAt { key, kind: TicketKind::Incident, id: None }
}

#[tokio::test]
async fn an_incident_bears_our_mark_and_is_found_by_it() {
    let there = System::start([].into()).await;
    let (partner, key) = (there.partner(), key());
    assert_eq!(partner.find(unknown(&key)).await.unwrap(), Lookup::Absent);
    let title = "x".repeat(300);
    let written = partner.open(&key, &TicketDraft { title, ..draft() }).await.unwrap();
    assert_eq!((written.ticket.state, written.findings.len()), (TicketState::New, 0), "{:?}", written.findings);
    let stored = there.records.lock().unwrap().incidents[0]["ShortDescription"].clone();
    assert!(stored.starts_with(&format!("{} ", key.marker())) && stored.chars().count() == 120, "{stored}");
    let Lookup::There(found) = partner.find(unknown(&key)).await.unwrap() else { panic!("it is there") };
    assert_eq!(found.ticket, written.ticket);
    assert_eq!(partner.find(unknown(&key.next())).await.unwrap(), Lookup::Absent);
}

#[tokio::test]
async fn a_note_stands_once_at_the_end_and_nothing_is_lost() {
    let there = System::start([].into()).await;
    let (partner, key) = (there.partner(), key());
    let written = partner.open(&key, &draft()).await.unwrap();
    let at = TicketAt { id: Some(&written.ticket.id), ..unknown(&key) };
    there.records.lock().unwrap().incidents[0].insert("Description".into(), "99 %\nBeth: looking".into());
    for _ in 0..2 {
        partner.note(at, 1, "Fires again").await.unwrap();
    }
    assert!(matches!(partner.noted(at, 1, "").await.unwrap(), Lookup::There(_)));
    assert_eq!(partner.noted(at, 2, "").await.unwrap(), Lookup::Absent);
    let text = there.records.lock().unwrap().incidents[0]["Description"].clone();
    assert_eq!(text, "99 %\nBeth: looking\n\nAzure Monitor #1\nFires again");
}

#[tokio::test]
async fn resolved_and_reopened_it_is_in_the_states_of_the_object() {
    let there = System::start([].into()).await;
    let (partner, key) = (there.partner(), key());
    let written = partner.open(&key, &draft()).await.unwrap();
    let at = TicketAt { id: Some(&written.ticket.id), ..unknown(&key) };
    let resolved = partner.resolve(at, "over", None).await.unwrap();
    assert_eq!(resolved.ticket.state, TicketState::Resolved);
    assert_eq!(there.records.lock().unwrap().incidents[0]["CloseDescription"], "over");
    assert_eq!(partner.reopen(at, "fires").await.unwrap().ticket.raw_state, "Reopened");
}

#[tokio::test]
async fn errors_of_fields_at_200_are_a_refusal() {
    let there = System::start([].into()).await;
    there.records.lock().unwrap().needs = Some("Priority");
    let fault = there.partner().open(&key(), &draft()).await.unwrap_err();
    assert!(matches!(&fault, Fault::PartnerRefused { detail, .. } if detail == "Priority is required"), "{fault:?}");
    let fields = [("priority".to_owned(), "2".to_owned())].into();
    there.partner().open(&key(), &TicketDraft { fields, ..draft() }).await.unwrap();
    assert_eq!(there.records.lock().unwrap().incidents[0]["Priority"], "2");
}

#[tokio::test]
async fn a_mark_that_people_write_about_is_no_note_of_ours() {
    let there = System::start([].into()).await;
    let (partner, key) = (there.partner(), key());
    let description = "Beth: see Azure Monitor #9 in the other one".to_owned();
    let written = partner.open(&key, &TicketDraft { description, ..draft() }).await.unwrap();
    let at = TicketAt { id: Some(&written.ticket.id), ..unknown(&key) };
    assert_eq!(partner.noted(at, 1, "").await.unwrap(), Lookup::Absent);
    partner.note(at, 1, "Fires again").await.unwrap();
    assert!(matches!(partner.noted(at, 1, "").await.unwrap(), Lookup::There(_)));
    let text = there.records.lock().unwrap().incidents[0]["Description"].clone();
    assert!(text.ends_with("\n\nAzure Monitor #1\nFires again"), "{text}");
}

/// A title is cut to what has hardly a place for the mark, although the schema tells of more.
#[tokio::test]
async fn a_title_that_is_cut_without_a_word_keeps_its_mark_and_the_incident_is_found() {
    let there = System::start([(1, Trouble::ErrorAfter)].into()).await;
    there.records.lock().unwrap().title = Some((20, 120));
    let (partner, key) = (there.partner(), key());
    let title = "CPU is high on web-prd-01, and has been for five minutes".to_owned();
    assert!(partner.open(&key, &TicketDraft { title, ..draft() }).await.is_err());
    assert!(matches!(partner.find(unknown(&key)).await.unwrap(), Lookup::There(_)));
}

#[tokio::test]
async fn a_title_field_without_a_place_for_the_mark_is_refused_with_what_helps() {
    let there = System::start([].into()).await;
    there.records.lock().unwrap().title = Some((30, 30));
    let fault = there.partner().open(&key(), &draft()).await.unwrap_err();
    assert!(
        matches!(&fault, Fault::NotBound { detail, .. } if detail.contains("30 characters") && detail.contains("correlation_id")),
        "{fault:?}"
    );
    assert!(there.records.lock().unwrap().incidents.is_empty());
}

#[tokio::test]
async fn where_titles_lose_their_mark_one_that_is_not_found_proves_nothing() {
    let there = System::start([].into()).await;
    let (partner, key) = (there.partner(), key());
    assert_eq!(partner.find(unknown(&key)).await.unwrap(), Lookup::Absent);
    there.records.lock().unwrap().renames = true;
    let written = partner.open(&key, &draft()).await.unwrap();
    assert!(matches!(&written.findings[..], [TicketFinding::DroppedFields { .. }]), "{:?}", written.findings);
    assert!(matches!(partner.find(unknown(&key)).await.unwrap(), Lookup::CannotTell(Fault::NotBound { .. })));
}

#[tokio::test]
async fn a_page_that_holds_others_and_not_all_proves_nothing() {
    let there = System::start([].into()).await;
    there.records.lock().unwrap().strangers = true;
    let key = key();
    let found = there.partner().find(unknown(&key)).await.unwrap();
    assert!(matches!(found, Lookup::CannotTell(Fault::Truncated { .. })), "{found:?}");
}

#[tokio::test]
async fn a_reply_about_another_record_is_taken_for_nothing() {
    let there = System::start([].into()).await;
    let (partner, key) = (there.partner(), key());
    let written = partner.open(&key, &draft()).await.unwrap();
    let at = TicketAt { id: Some(&written.ticket.id), ..unknown(&key) };
    partner.open(&key.next(), &draft()).await.unwrap();
    there.records.lock().unwrap().lies = true;
    let another =
        |fault: &Fault| matches!(fault, Fault::Malformed { detail, .. } if detail.starts_with("another record"));
    let read = partner.find(at).await.unwrap_err();
    assert!(another(&read), "{read:?}");
    let saved = partner.resolve(at, "over", None).await.unwrap_err();
    assert!(matches!(&saved, Fault::Malformed { detail, .. } if detail == "another record in the reply"), "{saved:?}");
}

/// A mapping that names one more field of incidents.
fn mapping_with(field: &str, to: &str, spec: &crate::model::partner::PartnerSpec) -> MappingFile {
    let columns = spec.work_items[0].columns.iter().map(|column| {
        let holds = column.holds.id();
        format!("    {{ from = \"{}\", to = \"{}\", holds = \"{holds}\" }},\n", column.from, column.to)
    });
    let known = columns.filter(|line| FIELDS.iter().any(|field| line.contains(&format!("from = \"{field}\""))));
    let own = format!("    {{ from = \"{field}\", to = \"{to}\", holds = \"text\" }},\n");
    let all: String = known.chain([own]).collect();
    let text = format!("[[work_item]]\nkind = \"incident\"\nsource = \"Incident\"\ncolumn = [\n{all}]\n");
    MappingFile::read(&text).unwrap()
}

#[tokio::test]
async fn where_notes_have_a_field_of_their_own_nothing_that_people_write_meanwhile_is_lost() {
    let there = System::start([].into()).await;
    let spec = there.partner().spec.clone();
    let (partner, key) = (there.mapped(Some(mapping_with(NOTES, "work_notes", &spec))), key());
    let written = partner.open(&key, &draft()).await.unwrap();
    there.records.lock().unwrap().meanwhile = Some("Beth: the fan is broken".to_owned());
    for number in 1..=2 {
        let at = TicketAt { id: Some(&written.ticket.id), ..unknown(&key) };
        let noted = partner.note(at, number, "Fires again").await.unwrap();
        assert_eq!((noted.ticket.noted, noted.findings.len()), (Some(number), 0));
        assert!(matches!(partner.noted(at, number, "").await.unwrap(), Lookup::There(_)));
    }
    let incident = there.records.lock().unwrap().incidents[0].clone();
    assert_eq!(incident["Description"], "Beth: the fan is broken");
    assert_eq!(incident[NOTES], "Azure Monitor #1\nFires again\n\nAzure Monitor #2\nFires again");
}

#[rstest]
#[case(49, false)]
#[case(50, true)]
#[case(0, true)]
#[tokio::test]
async fn a_field_that_is_too_short_for_a_key_is_refused(#[case] holds: usize, #[case] fits: bool) {
    let there = System::start([].into()).await;
    there.records.lock().unwrap().key = Some(holds);
    let spec = there.partner().spec.clone();
    let (partner, key) = (there.mapped(Some(mapping_with(KEY, "correlation_id", &spec))), key());
    let opened = partner.open(&key, &draft()).await;
    let made = there.records.lock().unwrap().incidents.len();
    match opened {
        Ok(_) => assert_eq!((fits, made), (true, 1)),
        Err(Fault::NotBound { detail, .. }) => {
            assert_eq!((fits, made, detail), (false, 0, format!("{KEY} holds 49 characters, a key has up to 50")));
        }
        Err(fault) => panic!("{fault:?}"),
    }
}
