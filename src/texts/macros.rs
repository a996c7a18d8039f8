//! The `texts!` macro.

/// Declares texts, each as a function of the language and its parameters. The English is the documentation:
///
/// ```
/// use itsmc_core::model::lang::Lang;
/// pub enum Colour {
///     Red,
///     Green,
/// }
/// itsmc_core::texts! {
///     step(number: usize, of: usize), "step {number} of {of}", "stap {number} van {of}";
///     title, "New connection", "Nieuwe verbinding";
///     /// A text for each variant of an enum.
///     colour: Colour {
///         Red => "red", "rood";
///         Green => "green", "groen";
///     }
/// }
/// // One and many: the first parameter is the count.
/// itsmc_core::texts! {
///     left[count, what: &str], "{count} step of {what} is left" | "{count} steps of {what} are left", "nog {count} stap van {what}" | "nog {count} stappen van {what}";
/// }
/// assert_eq!(left(Lang::En, 1, "it"), "1 step of it is left");
/// assert_eq!(left(Lang::Nl, 2000, "X"), "nog 2.000 stappen van X");
/// assert_eq!(step(Lang::Nl, 3, 7), "stap 3 van 7");
/// assert_eq!(title(Lang::En), "New connection");
/// assert_eq!(colour(Lang::Nl, Colour::Green), "groen");
/// ```
#[macro_export]
macro_rules! texts {
    () => {};
    ($(#[$doc:meta])* $name:ident: $kind:ident { $($($variant:ident)|+ => $en:literal, $nl:literal;)+ } $($rest:tt)*) => {
        $(#[$doc])*
        pub fn $name(lang: $crate::model::lang::Lang, value: $kind) -> &'static str {
            match value {
                $($($kind::$variant)|+ => lang.pick($en, $nl),)+
            }
        }
        $crate::texts! { $($rest)* }
    };
    ($(#[$doc:meta])* $name:ident, $en:literal, $nl:literal; $($rest:tt)*) => {
        #[doc = concat!("`", $en, "`")]
        $(#[$doc])*
        pub fn $name(lang: $crate::model::lang::Lang) -> &'static str {
            lang.pick($en, $nl)
        }
        $crate::texts! { $($rest)* }
    };
    ($(#[$doc:meta])* $name:ident[$count:ident $(, $arg:ident: $kind:ty)*], $en_one:literal | $en:literal, $nl_one:literal | $nl:literal; $($rest:tt)*) => {
        #[doc = concat!("`", $en, "`")]
        $(#[$doc])*
        pub fn $name(lang: $crate::model::lang::Lang, $count: u64, $($arg: $kind),*) -> String {
            let is_one = $count == 1;
            let $count = $crate::texts::number::grouped(lang, $count);
            match (lang, is_one) {
                ($crate::model::lang::Lang::En, true) => format!($en_one),
                ($crate::model::lang::Lang::En, false) => format!($en),
                ($crate::model::lang::Lang::Nl, true) => format!($nl_one),
                ($crate::model::lang::Lang::Nl, false) => format!($nl),
            }
        }
        $crate::texts! { $($rest)* }
    };
    ($(#[$doc:meta])* $name:ident($($arg:ident: $kind:ty),+), $en:literal, $nl:literal; $($rest:tt)*) => {
        #[doc = concat!("`", $en, "`")]
        $(#[$doc])*
        pub fn $name(lang: $crate::model::lang::Lang, $($arg: $kind),+) -> String {
            match lang {
                $crate::model::lang::Lang::En => format!($en),
                $crate::model::lang::Lang::Nl => format!($nl),
            }
        }
        $crate::texts! { $($rest)* }
    };
}
