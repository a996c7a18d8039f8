//! Words of `itsmc workspace`.

use crate::model::azure_plan::{Action, Block, Note, Scope, StepId};
use crate::model::lang::Lang;
use crate::model::workspace::{AzureSignIn, KeyProblem, Workspace, WorkspaceProblem};

/// A setting that is missing or wrong.
pub fn problem(lang: Lang, problem: &WorkspaceProblem) -> String {
    format!("{}: {}", problem.key, key_problem(lang, problem.problem))
}

/// What is worth knowing of a resource that exists.
pub fn note(lang: Lang, note: &Note) -> String {
    match note {
        Note::OtherType { column, has, usual } => other_type(lang, column, has, usual),
        Note::TablePlan { plan } => table_plan(lang, plan),
        Note::RolesHidden => roles_hidden(lang).to_owned(),
    }
}

/// Why a step cannot be done, and what to do about it.
pub fn block(lang: Lang, workspace: &Workspace, block: &Block) -> String {
    let name = workspace.name.as_str();
    match block {
        Block::Classic { table } => classic(lang, table, name),
        Block::RuleKind { kind } => rule_kind(lang, kind),
        Block::RuleWithoutEndpoint => rule_without_endpoint(lang).to_owned(),
        Block::RuleElsewhere { location } => rule_elsewhere(lang, location),
        Block::NoPrincipal => no_principal(lang, name),
        Block::FunctionTaken { by } => function_taken(lang, by),
    }
}

crate::texts! {
    /// What is wrong with a setting.
    key_problem: KeyProblem {
        Missing => "required", "verplicht";
        NotAGuid => "must be a GUID", "moet een GUID zijn";
        NotATenant => "must be the ID or the domain of a tenant", "moet de ID of het domein van een tenant zijn";
        NotAGroup => "must be the name of a resource group", "moet de naam van een resourcegroep zijn";
        NotAWorkspace => "must be the name of a workspace", "moet de naam van een werkruimte zijn";
        NotATable => "must be the name of a custom table, which ends with _CL", "moet de naam van een eigen tabel zijn, die op _CL eindigt";
        SameTable => "must not be the same as table", "mag niet gelijk zijn aan table";
        NotAnInterval => "must be 5 to 86400", "moet 5 tot 86400 zijn";
    }
    /// What a way to sign in is.
    sign_in_about: AzureSignIn {
        Cli => "whoever is signed in to the Azure CLI here; good for trying it out", "wie hier bij de Azure CLI is aangemeld; goed om het uit te proberen";
        ServicePrincipal => "an application with a client secret; runs unattended", "een toepassing met een clientgeheim; werkt onbeheerd";
        ManagedIdentity => "the identity of this machine in Azure; runs unattended, without a secret", "de identiteit van deze machine in Azure; werkt onbeheerd, zonder geheim";
        WorkloadIdentity => "an application with a federated token in a file, as in Kubernetes; runs unattended", "een toepassing met een gefedereerd token in een bestand, zoals in Kubernetes; werkt onbeheerd";
        DeviceCode => "a person who types a code on a page of Microsoft", "een persoon die een code typt op een pagina van Microsoft";
    }
    /// What a step is about.
    step: StepId {
        Table => "Table of work items", "Tabel met werkitems";
        LogTable => "Table of the connector's status", "Tabel met de status van de connector";
        Rule => "Data collection rule", "Regel voor gegevensverzameling";
        Role => "Role of the sender", "Rol van de afzender";
        Function => "Saved function", "Opgeslagen functie";
        Workbook => "Workbook", "Werkmap";
    }
    /// What is to be done.
    action: Action {
        Nothing => "nothing to do", "niets te doen";
        Create => "create", "maken";
        Change => "change", "wijzigen";
        Migrate => "migrate; this cannot be undone", "migreren; dit is niet terug te draaien";
        Blocked => "cannot be done yet", "kan nog niet";
    }
    /// What a right is needed on.
    scope: Scope {
        Workspace => "the workspace", "de werkruimte";
        ResourceGroup => "the resource group", "de resourcegroep";
        Rule => "the data collection rule", "de regel voor gegevensverzameling";
    }
    none, "No workspaces yet. Next: itsmc workspace add", "Nog geen werkruimten. Volgende stap: itsmc workspace add";
    in_azure, "in Azure", "in Azure";
    fed_by, "fed by", "gevoed door";
    set_up, "set up", "ingericht";
    not_set_up, "not set up", "niet ingericht";
    needs(role: &str, on: &str, action: &str), "needs: {role} on {on} ({action})", "vereist: {role} op {on} ({action})";
    other_type(column: &str, has: &str, usual: &str), "{column} is {has} here, and usually {usual}; the type is kept, and rows are sent in it", "{column} is hier {has}, en gewoonlijk {usual}; het type blijft, en rijen worden zo verstuurd";
    table_plan(plan: &str), "the table is on the plan {plan}; the function and the workbook need Analytics", "de tabel heeft het plan {plan}; de functie en de werkmap vereisen Analytics";
    roles_hidden, "the role assignments cannot be seen from here; the role is assigned in any case", "de roltoewijzingen zijn van hier niet te zien; de rol wordt in elk geval toegewezen";
    classic(table: &str, name: &str), "{table} is a classic table, which data collection rules cannot write to. Migrate it, which cannot be undone: itsmc workspace apply {name} --migrate {table}. Or set table or log_table in the config file to another name", "{table} is een klassieke tabel, waarnaar regels voor gegevensverzameling niet kunnen schrijven. Migreer die, wat niet terug te draaien is: itsmc workspace apply {name} --migrate {table}. Of stel table of log_table in het configuratiebestand in op een andere naam";
    rule_kind(kind: &str), "the data collection rule is of kind {kind}, which cannot be changed. Set rule in the config file to another rule, or to a name that does not exist yet", "de regel voor gegevensverzameling is van het type {kind}, en dat is niet te wijzigen. Stel rule in het configuratiebestand in op een andere regel, of op een naam die nog niet bestaat";
    rule_without_endpoint, "the data collection rule has no ingestion endpoint, which cannot be added later. Set rule in the config file to a name that does not exist yet", "de regel voor gegevensverzameling heeft geen opname-eindpunt, en dat is later niet toe te voegen. Stel rule in het configuratiebestand in op een naam die nog niet bestaat";
    rule_elsewhere(location: &str), "the data collection rule is in {location}, and must be in the region of the workspace. Set rule in the config file to another rule, or to a name that does not exist yet", "de regel voor gegevensverzameling staat in {location}, en moet in de regio van de werkruimte staan. Stel rule in het configuratiebestand in op een andere regel, of op een naam die nog niet bestaat";
    no_principal(name: &str), "the identity that will send rows cannot be signed in from here. Name its object ID: itsmc workspace apply {name} --principal ID", "de identiteit die rijen gaat versturen is van hier niet aan te melden. Geef de object-ID: itsmc workspace apply {name} --principal ID";
    function_taken(by: &str), "another saved search is called as ServiceDesk already: {by}. Rename its function, or remove it", "een andere opgeslagen zoekopdracht heet al ServiceDesk: {by}. Hernoem die functie, of verwijder die";
    next_plan(name: &str), "Next: itsmc workspace plan {name}", "Volgende stap: itsmc workspace plan {name}";
    next_apply(name: &str), "Next: itsmc workspace apply {name}", "Volgende stap: itsmc workspace apply {name}";
    nothing_to_do, "Nothing to do: everything is set up in Azure.", "Niets te doen: in Azure is alles ingericht.";
    blocked_left, "Some steps cannot be done yet.", "Sommige stappen kunnen nog niet.";
    apply_question, "Make these changes in Azure?", "Deze wijzigingen in Azure doorvoeren?";
    migrate_question(table: &str), "{table} is a classic table. A migration cannot be undone. Type the table's name to migrate it, or press Enter to leave it:", "{table} is een klassieke tabel. Een migratie is niet terug te draaien. Typ de naam van de tabel om die te migreren, of druk op Enter om die te laten:";
    step_failed(step: &str), "This step failed: {step}", "Deze stap is mislukt: {step}";
    waits(next: u64, left: &str), "The new table is not available everywhere in Azure yet; trying again in {next} s (for up to {left})", "De nieuwe tabel is nog niet overal in Azure beschikbaar; opnieuw over {next} s (hooguit nog {left})";
    waits_for_rights(next: u64, left: &str), "Azure does not accept rows from this sign-in yet; a new role can take up to 30 minutes. Trying again in {next} s (for up to {left})", "Azure accepteert nog geen rijen van deze aanmelding; een nieuwe rol kan tot 30 minuten duren. Opnieuw over {next} s (hooguit nog {left})";
    may_send, "This sign-in may send rows.", "Deze aanmelding mag rijen versturen.";
    row_accepted, "Azure accepted the test row. Accepted is not stored.", "Azure heeft de testrij geaccepteerd. Geaccepteerd is nog niet opgeslagen.";
    waits_for_row(next: u64, left: &str), "The test row cannot be found yet; the first of a new table can take 15 minutes. Checking again in {next} s (for up to {left})", "De testrij is nog niet te vinden; de eerste van een nieuwe tabel kan 15 minuten duren. Opnieuw over {next} s (hooguit nog {left})";
    row_found(span: &str), "The test row was found after {span}.", "De testrij is na {span} gevonden.";
    may_not_query, "The test row was accepted. This sign-in may not query the workspace, so whether it was stored is unknown. For that it needs Log Analytics Reader on the workspace.", "De testrij is geaccepteerd. Deze aanmelding mag de werkruimte niet bevragen, dus of die is opgeslagen is onbekend. Daarvoor is de rol 'Log Analytics Reader' op de werkruimte nodig.";
    exported(folder: &str), "The plan is in {folder}; README.md there says how to deploy it:", "Het plan staat in {folder}; README.md daar zegt hoe u het implementeert:";
    saved(name: &str), "The workspace {name} is saved.", "De werkruimte {name} is opgeslagen.";
    rows_stay(connection: &str, workspace: &str), "{connection} no longer feeds {workspace}. Its rows stay there as they were last sent, and the function ServiceDesk still shows them.", "{connection} voedt {workspace} niet meer. De rijen blijven daar zoals ze het laatst verstuurd zijn, en de functie ServiceDesk toont ze nog.";
    rows_stay_next(connection: &str, table: &str), "To leave them out of a query: | where ServiceDeskConnectionName_s != \"{connection}\". To delete them, purge them from {table} in Azure.", "Ze weglaten uit een query: | where ServiceDeskConnectionName_s != \"{connection}\". Verwijderen kan met een purge van {table} in Azure.";
    fed_by_nothing, "No connection feeds it yet. Add its name to workspaces of a connection in the config file.", "Nog geen verbinding voedt die. Voeg de naam toe aan workspaces van een verbinding in het configuratiebestand.";
    not_looked, "The workspace is saved without a look at Azure. Plan with a sign-in that may read it: --sign-in cli", "De werkruimte wordt opgeslagen zonder controle in Azure. Maak het plan met een aanmelding die mag lezen: --sign-in cli";
    signed_in(name: &str), "Signed in for {name}.", "Aangemeld voor {name}.";
    type_code(page: &str, code: &str, left: &str), "Open {page} in a browser and type the code {code}. It is valid for {left}.", "Open {page} in een browser en typ de code {code}. Die geldt nog {left}.";
    ask_secret(client_id: &str, tenant: &str), "Client secret of {client_id} (tenant {tenant}): ", "Clientgeheim van {client_id} (tenant {tenant}): ";
    remove_question(name: &str), "Remove the workspace {name} from itsmc? Nothing is removed in Azure.", "De werkruimte {name} uit itsmc verwijderen? In Azure wordt niets verwijderd.";
    nothing_given, "name what changes, such as --table or --connection (- for none)", "noem wat wijzigt, zoals --table of --connection (- voor geen)";
    not_removed, "Nothing was removed.", "Er is niets verwijderd.";
    removed(name: &str, workspace: &str), "Removed {name}. Tables, data collection rule, role, function and workbook of {workspace} are still in Azure.", "{name} is verwijderd. Tabellen, regel voor gegevensverzameling, rol, functie en werkmap van {workspace} staan nog in Azure.";
    ask_name, "Name for the workspace in itsmc", "Naam voor de werkruimte in itsmc";
    bad_name, "a name has letters, digits, '-', '_' and '.', and begins with a letter or digit", "een naam heeft letters, cijfers, '-', '_' en '.', en begint met een letter of cijfer";
    ask_sign_in, "How itsmc signs in to Azure", "Hoe itsmc zich bij Azure aanmeldt";
    ask_tenant, "Entra tenant (ID or domain)", "Entra-tenant (ID of domein)";
    ask_client_id, "Client ID of the application", "Client-ID van de toepassing";
    ask_subscription, "Subscription", "Abonnement";
    ask_workspace, "Log Analytics workspace", "Log Analytics-werkruimte";
    no_workspaces, "a Log Analytics workspace that this sign-in may see", "een Log Analytics-werkruimte die deze aanmelding mag zien";
    ask_connections(all: &str), "Connections that feed it, of {all} (Enter for all, - for none)", "Verbindingen die die voeden, uit {all} (Enter voor alle, - voor geen)";
    one_or_more_of(all: &str), "one or more of: {all}", "een of meer van: {all}";
    number_or_part(what: &str), "{what}, by number or a part of its name", "{what}, met nummer of een deel van de naam";
    nothing_fits, "nothing has that in its name", "niets heeft dat in de naam";
}
