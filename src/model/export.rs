//! Work items written to a file.

/// How they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// As CSV for a spreadsheet: what it would take for a formula is made a text.
    Csv,
    /// As one JSON document.
    Json,
}

impl Format {
    /// The format of a file by the end of its name.
    pub fn of(path: &str) -> Option<Self> {
        let end = path.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase())?;
        match end.as_str() {
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    /// The option of `itsmc items` that prints it.
    pub fn option(self) -> &'static str {
        match self {
            Self::Csv => "--csv",
            Self::Json => "--json",
        }
    }
}

/// Where rows are written to.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The file; a leading `~/` is the user's own folder.
    pub path: String,
    /// How.
    pub format: Format,
    /// Whether a file that is there may be replaced.
    pub overwrite: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_tells_its_format() {
        assert_eq!(
            ["a.csv", "b.JSON", "csv", "c.xlsx", ""].map(Format::of),
            [Some(Format::Csv), Some(Format::Json), None, None, None]
        );
    }
}
