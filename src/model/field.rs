//! The fields of a form by name, and what is wrong with or worth saying about a value.

use serde::{Deserialize, Serialize};

/// A field that some partner asks for. The TOML form's key is [`FieldId::key`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldId {
    /// The name the connection is called by.
    Name,
    /// The partner type.
    Partner,
    /// Where the product is.
    ServerUrl,
    /// The integration user.
    Username,
    /// Its password: used once, stored nowhere.
    Password,
    /// The OAuth application's client ID.
    ClientId,
    /// Its client secret.
    ClientSecret,
    /// Which work items to sync.
    WorkItems,
    /// How many past days to sync.
    SyncDays,
    /// Whether to create missing configuration items.
    CreateConfigurationItems,
    /// How the connection gets its tokens.
    Grant,
    /// The tenant in Microsoft Entra that gives the tokens.
    Tenant,
    /// Whom the tokens are for, as Microsoft Entra knows it.
    Audience,
    /// Where Microsoft Entra is, for other clouds than the public one.
    Authority,
    /// How the product checks the user's password.
    AuthMode,
    /// The path under which the product's interface lies.
    ApiPath,
    /// The culture in which the product writes dates.
    Culture,
    /// The time zone of the product's dates.
    TimeZone,
    /// The management server, as the hybrid connection knows it.
    EndpointHost,
    /// The Azure subscription of the web app.
    AzureSubscription,
    /// Its resource group.
    AzureResourceGroup,
    /// The Service Bus namespace of the hybrid connection.
    RelayNamespace,
    /// The hybrid connection's name.
    HybridConnection,
}

impl FieldId {
    /// The fields that every partner may ask for, in the order of the forms.
    pub const COMMON: [Self; 10] = [
        Self::Name,
        Self::Partner,
        Self::ServerUrl,
        Self::Username,
        Self::Password,
        Self::ClientId,
        Self::ClientSecret,
        Self::WorkItems,
        Self::SyncDays,
        Self::CreateConfigurationItems,
    ];

    /// The fields that only some partners ask for: a connection keeps them among its details.
    pub const DETAILS: [Self; 12] = [
        Self::Tenant,
        Self::Audience,
        Self::Authority,
        Self::AuthMode,
        Self::ApiPath,
        Self::Culture,
        Self::TimeZone,
        Self::EndpointHost,
        Self::AzureSubscription,
        Self::AzureResourceGroup,
        Self::RelayNamespace,
        Self::HybridConnection,
    ];

    /// The key in the TOML form, in drafts and JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Partner => "partner",
            Self::ServerUrl => "server_url",
            Self::Username => "username",
            Self::Password => "password",
            Self::ClientId => "client_id",
            Self::ClientSecret => "client_secret",
            Self::WorkItems => "work_items",
            Self::SyncDays => "sync_days",
            Self::CreateConfigurationItems => "create_configuration_items",
            Self::Grant => "grant",
            Self::Tenant => "tenant",
            Self::Audience => "audience",
            Self::Authority => "authority",
            Self::AuthMode => "auth_mode",
            Self::ApiPath => "api_path",
            Self::Culture => "culture",
            Self::TimeZone => "time_zone",
            Self::EndpointHost => "endpoint_host",
            Self::AzureSubscription => "azure_subscription",
            Self::AzureResourceGroup => "azure_resource_group",
            Self::RelayNamespace => "relay_namespace",
            Self::HybridConnection => "hybrid_connection",
        }
    }

    /// Whether its value is a secret, whatever the partner.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Password | Self::ClientSecret)
    }

    /// The field with this [`key`](Self::key).
    pub fn from_key(key: &str) -> Option<Self> {
        Self::COMMON.into_iter().chain([Self::Grant]).chain(Self::DETAILS).find(|field| field.key() == key)
    }
}

/// Why a field's value cannot be taken.
#[allow(missing_docs, reason = "the fields are named for what they hold")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "problem", rename_all = "kebab-case")]
pub enum FieldProblem {
    /// Nothing was given; every field is mandatory.
    Missing,
    /// Not a URL.
    NotAUrl,
    /// A URL with a typing error; what was likely meant.
    UrlTypo { likely: String },
    /// More than one URL.
    TwoUrls,
    /// An e-mail address in place of a URL.
    EmailAddress,
    /// More characters than a field takes.
    TooLong { most: usize },
    /// `http://` to anything but this machine.
    PlainHttp,
    /// A user name or password inside the URL.
    SecretInUrl,
    /// Not a whole number within the limits.
    NotWithin { least: u16, most: u16 },
    /// A name with other characters than letters, digits, `-`, `_` and `.`, or too long.
    BadName,
    /// A name that some system cannot give a file: a device of Windows, a dot at its end, too many bytes.
    UnsafeName,
    /// Another connection has this name, or one that is hard to tell from it.
    NameTaken,
    /// No such partner.
    UnknownPartner { known: Vec<String> },
    /// Not one of the choices.
    UnknownChoice { given: String, known: Vec<String> },
    /// Not of the type that this key takes.
    WrongType { expected: String },
    /// No such key, or not one of this partner.
    UnknownKey,
    /// A secret in the form file; it belongs on stdin or at the prompt.
    SecretInFile,
    /// Control characters or line breaks inside.
    BadCharacters,
    /// The file is not TOML.
    NotToml { detail: String },
}

/// What is worth saying about a value that can be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "notice", content = "value", rename_all = "kebab-case")]
pub enum FieldNotice {
    /// The typed text was made into this.
    MadeInto(String),
    /// A practice server on this machine.
    Practice,
    /// A host outside of the partner's known suffixes.
    UnknownHost(String),
    /// So many characters were pasted.
    Pasted(usize),
    /// A paste of so many characters was refused, because a field takes fewer.
    PasteRefused(usize),
    /// So many blanks at the ends of a client secret are left out.
    Trimmed(usize),
    /// A password begins or ends with a blank, which is kept.
    BlankEnds {
        /// It begins with one.
        start: bool,
        /// It ends with one.
        end: bool,
    },
}
