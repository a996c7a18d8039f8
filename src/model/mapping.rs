//! The admin's own mapping of a connection: corrections to how it was bound to a product that describes itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::partner::WorkItemSpec;

/// A mapping file. A key it does not know is an error.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappingFile {
    /// Requests by what they are for, such as `incident`.
    #[serde(default)]
    pub routes: BTreeMap<String, Route>,
    /// Tables or business objects and their columns; a kind that is not mentioned stays as it was bound.
    #[serde(default, rename = "work_item")]
    pub work_items: Vec<WorkItemSpec>,
}

/// A request of the product's interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// The method, such as `get`.
    pub verb: String,
    /// The path, with a slash at its beginning.
    pub path: String,
    /// The product's own parameter names, by what they are for, such as `page_size = "top"`.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
}

impl MappingFile {
    /// Reads the text of a mapping file.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn read(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_names_routes_and_columns_and_nothing_else() {
        let text = r#"
            [routes.incident]
            verb = "get"
            path = "/api/Incidents"
            parameters = { page_size = "top" }

            [[work_item]]
            kind = "incident"
            source = "prov_incident"
            column = [{ from = "prov_name", to = "number", holds = "text" }]
        "#;
        let mapping = MappingFile::read(text).unwrap();
        assert_eq!(mapping.routes["incident"].parameters["page_size"], "top");
        assert_eq!(mapping.work_items[0].columns[0].from, "prov_name");
        assert_eq!(MappingFile::read("").unwrap(), MappingFile::default());
        assert!(MappingFile::read("[route.incident]\nverb = 'get'\npath = '/'").is_err());
    }
}
