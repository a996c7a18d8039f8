//! Ids of Azure: GUIDs, and the ids of Resource Manager, whose letter case means nothing.

/// Whether the text is a GUID in its usual form.
pub fn is_guid(text: &str) -> bool {
    let parts: Vec<usize> = text.split('-').map(str::len).collect();
    parts == [8, 4, 4, 4, 12] && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

/// Whether two ids name the same resource. Resource Manager gives ids back in another letter case than they were sent.
pub fn same(one: &str, other: &str) -> bool {
    let bare = |id: &str| id.trim().trim_matches('/').to_ascii_lowercase();
    bare(one) == bare(other)
}

/// Whether the text may be the name of a resource group: what Azure allows, without what a shell takes for more than
/// text.
pub fn is_group(text: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '(' | ')');
    (1..=90).contains(&text.chars().count()) && text.chars().all(fits) && !text.ends_with('.')
}

/// Whether the text may be the name of a Log Analytics workspace: 4 to 63 letters, digits and `-`, not at its ends.
pub fn is_workspace(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (4..=63).contains(&text.len()) && text.chars().all(fits) && !text.starts_with('-') && !text.ends_with('-')
}

/// The value of one part of a resource id, such as `resourceGroups`; part names match in any letter case.
pub fn part<'a>(id: &'a str, name: &str) -> Option<&'a str> {
    let mut parts = id.split('/');
    parts.find(|part| part.eq_ignore_ascii_case(name))?;
    parts.next().filter(|value| !value.is_empty())
}

/// A GUID made of a text: the same text always makes the same one. Its form is that of a UUID of version 8 (RFC 9562).
pub fn guid_of(text: &str) -> String {
    use sha2::{Digest, Sha256};
    let hash = Sha256::digest(text.as_bytes());
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&hash[..16]);
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = bytes.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_compared_without_case() {
        assert!(same("/subscriptions/A/resourceGroups/Rg", "/SUBSCRIPTIONS/a/resourcegroups/RG/"));
        assert!(!same("/subscriptions/a", "/subscriptions/b"));
    }

    #[test]
    fn a_part_of_an_id_is_found_in_any_letter_case() {
        let id = "/subscriptions/s/resourcegroups/Rg/providers/Microsoft.OperationalInsights/workspaces/w";
        assert_eq!(part(id, "resourceGroups"), Some("Rg"));
        assert_eq!(part(id, "workspaces"), Some("w"));
        assert_eq!(part(id, "tables"), None);
    }

    #[test]
    fn a_guid_of_a_text_is_always_the_same_and_well_formed() {
        assert_eq!(guid_of("a"), guid_of("a"));
        assert_ne!(guid_of("a"), guid_of("b"));
        let guid = guid_of("a");
        assert!(is_guid(&guid) && guid.as_bytes()[14] == b'8', "{guid}");
    }

    #[test]
    fn names_of_azure_are_checked() {
        assert!(
            is_workspace("contoso-logs") && !is_workspace("abc") && !is_workspace("-abcd") && !is_workspace("a_cd")
        );
        assert!(is_group("rg-(1)_x.y") && !is_group("rg.") && !is_group("a/b") && !is_group(""));
    }
}
